/**
 * The supervised baseline of a pretrained encoder: the same network trained on labels, for as many image views.
 *
 * Run:       pnpm tsx examples/supervised-baseline.ts --data cifar10:DIR [--train-images N] [--width W] [--epochs N] [--out DIR] [--smoke]
 * Takes:     as long as the pretraining that it is compared with; a view costs the same
 * Last line: supervised: accuracy … %
 * Settings:  ResNet-18, SGD with Nesterov momentum 0.9, rate 0.1 · batch / 256 with one epoch of warm-up and cosine decay,
 *            weight decay 5e-4, crop and flip. Pretraining sees two views of an image per epoch, so give twice its epochs.
 *            --out keeps the encoder for `simclr knn` and `simclr transfer`.
 */
import { parseArgs } from 'node:util'
import { sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { extractFeatures, fineTune, knn } from '@simclr/eval'
import { ResNet } from '@simclr/models'
import { writeEncoderFolder } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    'train-images': { type: 'string' },
    width: { type: 'string', default: '0.25' },
    epochs: { type: 'string', default: '20' },
    out: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
})

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}`)

const dataset = await openDataset(values.data)
const limit = values['train-images']
const encoder = new ResNet({ depth: 18, width: values.smoke ? 0.125 : Number(values.width), stem: 'cifar' })
const began = performance.now()
const train = sampleImages(dataset, limit === undefined ? undefined : Number(limit))
const test = dataset.split('test')
const { accuracy, top5 } = await fineTune({
  encoder,
  train,
  test,
  epochs: values.smoke ? 1 : Number(values.epochs),
  batchSize: values.smoke ? 64 : 256,
  learningRate: 0.1,
  warmupEpochs: 1,
  weightDecay: 5e-4,
  onProgress: ({ epoch, epochs, loss }) => {
    const minutes = ((performance.now() - began) / 60_000).toFixed(1)
    console.log(`epoch ${epoch}/${epochs}: loss ${loss.toFixed(3)}, ${minutes} min`)
  },
})
const neighbours = await knn({
  train: await extractFeatures({ encoder, dataset: train }),
  test: await extractFeatures({ encoder, dataset: test }),
})
console.log(`kNN accuracy of its features ${(100 * neighbours.accuracy).toFixed(1)} %`)
if (values.out !== undefined) {
  const source = `trained on the labels of ${values.data} for ${values.epochs} epochs`
  const { imageSize } = train
  await writeEncoderFolder(values.out, encoder, { source, ...(imageSize && { imageSize: imageSize.height }) })
}
console.log(`top-5 accuracy ${(100 * top5).toFixed(1)} %`)
console.log(`supervised: accuracy ${(100 * accuracy).toFixed(1)} %`)
