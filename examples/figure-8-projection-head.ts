/**
 * Figure 8 of the paper: linear evaluation after pretraining with a linear, a nonlinear or no projection head, by the
 * number of its outputs.
 *
 * Run:       pnpm tsx examples/figure-8-projection-head.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     15 minutes on 2 CPU cores at --scale cpu, ten seconds at --scale smoke (which --smoke means). Finished
 *            pretraining is kept in OUT and not repeated.
 * Last line: figure: OUT/figure-8.svg
 * Settings:  paper: ResNet-50 on ImageNet (--data imagenet:DIR), batch 4096, LARS, temperature 0.1, 32 to 2048 outputs. cpu: a
 *            quarter of ResNet-18 (128 features), 10,000 images, 6 epochs of batch 256, temperature 0.2, 8 to 128 outputs.
 *            Without a head the loss compares the features themselves, so that there is one width.
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
    out: { type: 'string', default: 'runs/figure-8' },
    smoke: { type: 'boolean', default: false },
  },
})

const cpu: PartialConfig = {
  ...findPreset('cifar10-cpu'),
  trainImages: 10_000,
  batchSize: 256,
  epochs: 6,
  optimizer: 'lars',
  learningRate: 1,
  weightDecay: 1e-6,
  knnEvery: 0,
}
/** The last width is that of the features. */
const scales: Record<string, { common: PartialConfig; widths: number[] }> = {
  smoke: { common: { ...cpu, trainImages: 128, width: 0.125, batchSize: 32, epochs: 1 }, widths: [16, 64] },
  cpu: { common: cpu, widths: [8, 32, 128] },
  paper: { common: { ...findPreset('imagenet'), knnEvery: 0 }, widths: [32, 64, 128, 256, 512, 1024, 2048] },
}
const scale = values.smoke ? 'smoke' : values.scale
if (scales[scale] === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)
const { common, widths } = scales[scale]

/** Accuracies by width; NaN where there is no run. */
const series = [
  { name: 'linear', projectionType: 'linear', values: widths.map(() => Number.NaN) },
  { name: 'nonlinear', projectionType: 'mlp', values: widths.map(() => Number.NaN) },
  { name: 'none', projectionType: 'none', values: widths.map(() => Number.NaN) },
] as const

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const train = sampleImages(dataset, common.trainImages)

async function top1(settings: PartialConfig, out: string): Promise<number> {
  const config = { ...common, ...settings, data: values.data }
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
  return 100 * accuracy
}

for (const { name, projectionType, values: accuracies } of series) {
  for (const [i, projectionWidth] of widths.entries()) {
    if (projectionType === 'none' && i < widths.length - 1) continue
    const began = performance.now()
    const out = join(values.out, scale, `${name}-${projectionWidth}`)
    accuracies[i] = await top1({ projectionType, projectionWidth }, out)
    const minutes = ((performance.now() - began) / 60_000).toFixed(1)
    console.log(`${name}, ${projectionWidth} outputs: top-1 ${accuracies[i].toFixed(1)} %, ${minutes} min`)
  }
}
await dataset.close()

const cells = (numbers: readonly number[]): string =>
  numbers.map((accuracy) => (Number.isNaN(accuracy) ? '' : accuracy.toFixed(1))).join(' | ')
const table = [
  `| projection head | ${widths.join(' | ')} |`,
  `|---|${widths.map(() => '---|').join('')}`,
  ...series.map(({ name, values }) => `| ${name} | ${cells(values)} |`),
].join('\n')
const figure = barChart({
  title: 'Linear evaluation by projection head and number of its outputs',
  xLabel: 'outputs of the projection head',
  yLabel: 'top-1 (%)',
  groups: widths.map(String),
  series,
})
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'figure-8.md'), `${table}\n`)
writeFileSync(join(values.out, 'figure-8.svg'), figure)
console.log(`${table}\nfigure: ${join(values.out, 'figure-8.svg')}`)
