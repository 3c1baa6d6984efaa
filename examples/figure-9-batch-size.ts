/**
 * Figure 9 of the paper: linear evaluation by batch size and number of epochs.
 *
 * Run:       pnpm tsx examples/figure-9-batch-size.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--scaling linear|sqrt] [--out DIR] [--smoke]
 * Takes:     15 minutes on 2 CPU cores at --scale cpu, ten seconds at --scale smoke (which --smoke means). Finished
 *            pretraining is kept in OUT and not repeated.
 * Last line: figure: OUT/figure-9.svg
 * Settings:  paper: ResNet-50 on ImageNet (--data imagenet:DIR), LARS, rate 0.3·batch/256, temperature 0.1. cpu: a quarter of
 *            ResNet-18, 5,000 images, LARS, rate batch/256, temperature 0.2. --scaling sqrt follows the root of the batch
 *            size instead (appendix B.1), equal at 4096 images (cpu: at 256).
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { linearEvaluation } from '@simclr/eval'
import { barChart } from '@simclr/report'
import { findPreset, type PartialConfig } from '@simclr/trainer'
import { loadEncoder, pretrain } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    scaling: { type: 'string', default: 'linear' },
    out: { type: 'string', default: 'runs/figure-9' },
    smoke: { type: 'boolean', default: false },
  },
})

interface Scale {
  readonly common: PartialConfig
  readonly rates: Readonly<Record<string, number>>
  readonly batchSizes: readonly number[]
  readonly epochs: readonly number[]
}
const common: PartialConfig = {
  ...findPreset('cifar10-cpu'),
  trainImages: 5000,
  optimizer: 'lars',
  weightDecay: 1e-6,
  knnEvery: 0,
}
const tiny: PartialConfig = { ...common, trainImages: 128, width: 0.125 }
const rates = { linear: 1, sqrt: 1 / 16 }
const scales: Record<string, Scale> = {
  smoke: { common: tiny, rates, batchSizes: [32, 64], epochs: [1, 2] },
  cpu: { common, rates, batchSizes: [64, 128, 256, 512], epochs: [2, 4, 8] },
  paper: {
    common: { ...findPreset('imagenet'), knnEvery: 0 },
    rates: { linear: 0.3, sqrt: 0.075 },
    batchSizes: [256, 512, 1024, 2048, 4096, 8192],
    epochs: [100, 200, 400, 800],
  },
}
const scale = values.smoke ? 'smoke' : values.scale
const chosen = scales[scale]
if (chosen === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)
const scaling = values.scaling === 'sqrt' ? 'sqrt' : 'linear'
if (scaling !== values.scaling) throw new Error(`--scaling must be linear or sqrt, got ${values.scaling}`)

/** Table B.1 of the paper: ImageNet, linear scaling. */
const paper = `| 256 | 57.5 | 61.9 | 64.7 | 66.6 |
| 1024 | 62.8 | 65.3 | 67.2 | 68.5 |
| 4096 | 64.6 | 66.5 | 68.2 | 68.9 |
| 8192 | 64.8 | 66.6 | 67.8 | 69.0 |`

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const train = sampleImages(dataset, chosen.common.trainImages)
const learningRate = { learningRate: chosen.rates[scaling]!, learningRateScaling: scaling } as const
const series = chosen.epochs.map((epochs) => ({ name: `${epochs} epochs`, epochs, values: [] as number[] }))
for (const batchSize of chosen.batchSizes) {
  for (const { epochs, values: accuracies } of series) {
    const began = performance.now()
    const config = { ...chosen.common, ...learningRate, batchSize, epochs, data: values.data }
    const out = join(values.out, scale, scaling, `batch-${batchSize}-epochs-${epochs}`)
    const run = await pretrain(config, { out, resume: true, dataset: train })
    const { encoder } = await loadEncoder(run.checkpoint)
    const { accuracy } = await linearEvaluation({
      encoder,
      train,
      test: dataset.split('test'),
      epochs: scale === 'smoke' ? 2 : 90,
      augment: scale === 'paper',
      size: run.config.imageSize,
    })
    encoder.dispose()
    accuracies.push(100 * accuracy)
    const minutes = ((performance.now() - began) / 60_000).toFixed(1)
    console.log(
      `batch ${batchSize}, ${epochs} epochs: top-1 ${(100 * accuracy).toFixed(1)} %, ${minutes} min`,
    )
  }
}
await dataset.close()

const head = (epochs: readonly number[]): string =>
  `| batch size | ${epochs.map((count) => `${count} epochs`).join(' | ')} |\n|---|${epochs.map(() => '---|').join('')}`
const rows = chosen.batchSizes.map(
  (size, i) => `| ${size} | ${series.map(({ values }) => values[i]!.toFixed(1)).join(' | ')} |`,
)
const ours = [head(chosen.epochs), ...rows].join('\n')
const theirs = `The paper's, on ImageNet:\n\n${head([100, 200, 400, 800])}\n${paper}`
const figure = barChart({
  title: 'Linear evaluation by batch size and epochs',
  xLabel: 'batch size',
  yLabel: 'top-1 (%)',
  groups: chosen.batchSizes.map(String),
  series,
  ordered: true,
})
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'figure-9.md'), `${ours}\n\n${theirs}\n`)
writeFileSync(join(values.out, 'figure-9.svg'), figure)
console.log(`${ours}\nfigure: ${join(values.out, 'figure-9.svg')}`)
