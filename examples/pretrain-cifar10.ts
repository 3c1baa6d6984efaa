/**
 * SimCLR on CIFAR-10 (appendix B.9 of the paper): pretraining without labels, then what kNN and a linear classifier make of
 * the features, before and after.
 *
 * Run:       pnpm tsx examples/pretrain-cifar10.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     20 minutes on 2 CPU cores at --scale cpu, ten seconds at --scale smoke (which --smoke means). Pretraining is
 *            kept in OUT; where it was interrupted it goes on.
 * Last line: table: OUT/pretrain-cifar10.md
 * Settings:  paper: preset cifar10: ResNet-50, 1000 epochs of batch 1024, LARS, temperature 0.5; linear evaluation on crops.
 *            cpu: preset cifar10-cpu: a quarter of ResNet-18, 8 epochs of batch 128, SGD, temperature 0.2; linear evaluation
 *            on whole images.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { extractFeatures, knn, linearEvaluation } from '@simclr/eval'
import type { ResNet } from '@simclr/models'
import { findPreset, type PartialConfig } from '@simclr/trainer'
import { loadEncoder, pretrain, untrainedEncoder } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/pretrain-cifar10' },
    smoke: { type: 'boolean', default: false },
  },
})

interface Scale {
  readonly pretraining: PartialConfig
  readonly linear: { readonly epochs: number; readonly batchSize: number; readonly augment: boolean }
  readonly testImages?: number
}
const cpu: Scale = {
  pretraining: findPreset('cifar10-cpu'),
  linear: { epochs: 90, batchSize: 256, augment: false },
}
const smoke: Scale = {
  pretraining: { ...cpu.pretraining, width: 0.125, batchSize: 64, epochs: 1, knnEvery: 0 },
  linear: { ...cpu.linear, epochs: 2 },
  testImages: 200,
}
const paper: Scale = {
  pretraining: findPreset('cifar10'),
  linear: { epochs: 90, batchSize: 4096, augment: true },
}
const scale = values.smoke ? 'smoke' : values.scale
const chosen = new Map(Object.entries({ smoke, cpu, paper })).get(scale)
if (chosen === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const train = await openDataset(values.data)
const test = sampleImages(train.split('test'), chosen.testImages)

const began = performance.now()
const minutes = (): string => `${((performance.now() - began) / 60_000).toFixed(1)} min`
const run = await pretrain(
  { ...chosen.pretraining, data: values.data },
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

const rows = ['| encoder | kNN (%) | linear, top-1 (%) | linear, top-5 (%) |', '|---|---|---|---|']
async function evaluate(name: string, encoder: ResNet): Promise<void> {
  const features = {
    train: await extractFeatures({ encoder, dataset: train }),
    test: await extractFeatures({ encoder, dataset: test }),
  }
  const neighbours = await knn({ ...features, k: Math.min(200, train.length) })
  const linear = await linearEvaluation({ encoder, train, test, ...chosen!.linear })
  encoder.dispose()
  const shares = [neighbours.accuracy, linear.accuracy, linear.top5]
  rows.push(`| ${name} | ${shares.map((share) => (100 * share).toFixed(1)).join(' | ')} |`)
  console.log(`${rows.at(-1)} ${minutes()}`)
}
await evaluate('untrained', untrainedEncoder(run.config))
await evaluate('pretrained', (await loadEncoder(run.checkpoint)).encoder)
await train.close()

const theirs =
  "The paper's best, a ResNet-50 after 1000 epochs of batch 1024: 94.0 % linear, 95.1 % supervised."
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'pretrain-cifar10.md'), `${rows.join('\n')}\n\n${theirs}\n`)
console.log(`${rows.join('\n')}\ntable: ${join(values.out, 'pretrain-cifar10.md')}`)
