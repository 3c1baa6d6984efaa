/**
 * SimCLR from the parts: synthetic images, two views of each, ResNet and projection head, NT-Xent, SGD, kNN. The same as
 * `simclr pretrain --preset tiny`, without configuration, logs and checkpoints: what you would write in your own project.
 *
 * Run:       pnpm tsx examples/pretrain-synthetic.ts [--smoke]
 * Takes:     2 minutes on 2 CPU cores with libtorch
 * Last line: kNN accuracy: untrained … %, trained … % (higher)
 * Settings:  batch 256, temperature 0.2, 6 epochs; ResNet-18 at a quarter of its width and SGD instead of ResNet-50 and
 *            LARS, colour strength 0.5 and no blur as the paper has it for CIFAR-10
 */
import { simclrAugmentation, twoViews } from '@simclr/augment'
import { RandomKey } from '@simclr/core'
import { type Dataset, imageTensor, synthetic } from '@simclr/data'
import { useEngine } from '@simclr/engine'
import { extractFeatures, knn } from '@simclr/eval'
import { ProjectionHead, ResNet, SimclrNetwork } from '@simclr/models'
import { sgd, warmupCosine } from '@simclr/optimizers'
import { trainStep } from '@simclr/trainer'
import { tidy } from '@tensorflow/tfjs-core'

const smoke = process.argv.includes('--smoke')
const [count, batchSize, epochs] = smoke ? [256, 64, 1] : [8192, 256, 6]

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}`)

const dataset: Dataset = synthetic({ count, testCount: count / 4, seed: 0 })
const encoder = new ResNet({ depth: 18, width: smoke ? 0.125 : 0.25, stem: 'cifar' })
const projection = new ProjectionHead({ inputWidth: encoder.featureWidth })
const network = new SimclrNetwork({ encoder, projection })

const totalSteps = epochs * Math.floor(count / batchSize)
const learningRate = warmupCosine({ peak: 0.06, warmupSteps: Math.floor(totalSteps / 10), totalSteps })
const optimizer = sgd({ learningRate, momentum: 0.9, nesterov: true, weightDecay: 5e-4 })
const augmentation = simclrAugmentation({ size: 32, strength: 0.5, blur: false })

async function knnAccuracy(): Promise<number> {
  const train = await extractFeatures({ encoder, dataset })
  const test = await extractFeatures({ encoder, dataset: dataset.split('test') })
  return (await knn({ train, test, k: 20 })).accuracy
}

const untrained = await knnAccuracy()
const root = RandomKey.fromSeed(0)
for (let epoch = 0; epoch < epochs; epoch++) {
  const viewKey = root.fold('views').fold(epoch)
  const shuffle = root.fold('order').fold(epoch)
  for await (const batch of dataset.batches({ batchSize, shuffle, dropRemainder: true })) {
    const views = tidy(() =>
      twoViews(imageTensor(batch), augmentation, (image, view) =>
        viewKey.fold(batch.indices[image]!).fold(view),
      ),
    )
    const { metrics } = trainStep(network, optimizer, views, { temperature: 0.2 })
    views.dispose()
    if (optimizer.step % 8 === 0) {
      const { loss, contrastiveAccuracy } = await metrics()
      const accuracy = (100 * contrastiveAccuracy).toFixed(0)
      console.log(
        `step ${optimizer.step}/${totalSteps}: loss ${loss.toFixed(3)}, contrastive accuracy ${accuracy} %`,
      )
    }
  }
}
const trained = await knnAccuracy()
console.log(
  `kNN accuracy: untrained ${(100 * untrained).toFixed(1)} %, trained ${(100 * trained).toFixed(1)} %`,
)
