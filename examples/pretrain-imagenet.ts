/**
 * SimCLR on ImageNet as the paper's main experiments have it: pretraining without labels, then linear evaluation.
 *
 * Run:       pnpm tsx examples/pretrain-imagenet.ts --data imagenet:DIR|folder:DIR [--scale smoke|cpu|paper] [--epochs N] [--out DIR] [--smoke]
 * Takes:     about ten minutes on 2 CPU cores at --scale cpu for 12,500 images, ten seconds at --scale smoke (which
 *            --smoke means). Pretraining is kept in OUT; where it was interrupted it goes on.
 * Last line: table: OUT/pretrain-imagenet.md
 * Settings:  paper: preset imagenet: ResNet-50, 224 px, 100 epochs of batch 4096, LARS, temperature 0.1 (--epochs 1000 for
 *            its best); a linear classifier trained for 90 epochs of crops at batch 4096. cpu: a quarter of ResNet-18, 64 px,
 *            20 epochs of batch 128, SGD, temperature 0.2; linear evaluation on whole images.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { linearEvaluation } from '@simclr/eval'
import type { ResNet } from '@simclr/models'
import { findPreset, type PartialConfig } from '@simclr/trainer'
import { loadEncoder, pretrain, untrainedEncoder } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    epochs: { type: 'string' },
    out: { type: 'string', default: 'runs/pretrain-imagenet' },
    smoke: { type: 'boolean', default: false },
  },
})

interface Scale {
  readonly pretraining: PartialConfig
  readonly linear: { readonly epochs: number; readonly batchSize: number; readonly augment: boolean }
  readonly testImages?: number
}
const cpu: Scale = {
  pretraining: {
    ...findPreset('cifar10-cpu'),
    width: 0.25,
    stem: 'imagenet',
    imageSize: 64,
    strength: 1,
    blur: true,
    epochs: 20,
    warmupEpochs: 1,
    knnEvery: 4,
  },
  linear: { epochs: 90, batchSize: 256, augment: false },
}
const smoke: Scale = {
  pretraining: { ...cpu.pretraining, width: 0.125, imageSize: 32, batchSize: 64, epochs: 1, knnEvery: 0 },
  linear: { ...cpu.linear, epochs: 2 },
  testImages: 200,
}
const paper: Scale = {
  pretraining: findPreset('imagenet'),
  linear: { epochs: 90, batchSize: 4096, augment: true },
}
const scale = values.smoke ? 'smoke' : values.scale
const chosen = new Map(Object.entries({ smoke, cpu, paper })).get(scale)
if (chosen === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const train = await openDataset(values.data, { allowPartial: scale !== 'paper' })
const test = sampleImages(train.split('test'), chosen.testImages)

const began = performance.now()
const minutes = (): string => `${((performance.now() - began) / 60_000).toFixed(1)} min`
const epochs = values.epochs === undefined ? {} : { epochs: Number(values.epochs) }
const run = await pretrain(
  { ...chosen.pretraining, ...epochs, data: values.data },
  {
    out: join(values.out, scale),
    resume: true,
    dataset: train,
    onEvent: (event, { totalSteps, epochs }) => {
      if (event.event === 'knn') {
        const accuracy = (100 * event.accuracy).toFixed(1)
        console.log(`epoch ${event.epoch}/${epochs}: online kNN ${accuracy} %, ${minutes()}`)
      } else if (event.step % 100 === 0) {
        console.log(`step ${event.step}/${totalSteps}: loss ${event.loss.toFixed(3)}`)
      }
    },
  },
)

const rows = ['| encoder | linear, top-1 (%) | linear, top-5 (%) |', '|---|---|---|']
async function evaluate(name: string, encoder: ResNet): Promise<void> {
  const { accuracy, top5 } = await linearEvaluation({
    encoder,
    train,
    test,
    ...chosen!.linear,
    size: run.config.imageSize,
  })
  encoder.dispose()
  rows.push(`| ${name} | ${(100 * accuracy).toFixed(1)} | ${(100 * top5).toFixed(1)} |`)
  console.log(`${rows.at(-1)} ${minutes()}`)
}
await evaluate('untrained', untrainedEncoder(run.config))
await evaluate('pretrained', (await loadEncoder(run.checkpoint)).encoder)
await train.close()

/** Tables B.1 and 6 of the paper. */
const theirs = `The paper's, a ResNet-50 on ImageNet:

| encoder | linear, top-1 (%) | linear, top-5 (%) |
|---|---|---|
| 100 epochs | 64.6 | |
| 1000 epochs | 69.3 | 89.0 |`
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'pretrain-imagenet.md'), `${rows.join('\n')}\n\n${theirs}\n`)
console.log(`${rows.join('\n')}\ntable: ${join(values.out, 'pretrain-imagenet.md')}`)
