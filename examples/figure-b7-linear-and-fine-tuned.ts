/**
 * Appendix B.7 of the paper: linear evaluation against fine-tuning on 1 % and 10 % of the labels, of networks pretrained for
 * different numbers of epochs and of different depths and widths.
 *
 * Run:       pnpm tsx examples/figure-b7-linear-and-fine-tuned.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     25 minutes on 2 CPU cores at --scale cpu, ten seconds at --scale smoke (which --smoke means). Finished
 *            pretraining is kept in OUT and not repeated.
 * Last line: figure: OUT/figure-b7.svg
 * Settings:  paper: ImageNet (--data imagenet:DIR), batch 4096, LARS, temperature 0.1; fine-tuned for 60 and 30 epochs at rate
 *            0.8 (appendix B.5). cpu: 10,000 images, of which 100 and 1,000 have labels in fine-tuning, a quarter of ResNet-18
 *            where not named, batch 256, temperature 0.2; fine-tuned for 60 and 30 epochs of batch 64 at rate 0.05.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { labelSubset, sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { fineTune, linearEvaluation, semiSupervisedSettings } from '@simclr/eval'
import { type ScatterPoint, scatterPlot } from '@simclr/report'
import { findPreset, type PartialConfig } from '@simclr/trainer'
import { loadEncoder, pretrain } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/figure-b7' },
    smoke: { type: 'boolean', default: false },
  },
})

interface Scale {
  readonly common: PartialConfig
  readonly epochs: readonly number[]
  readonly networks: readonly Required<Pick<PartialConfig, 'depth' | 'width'>>[]
  /** Instead of the paper's settings. */
  readonly fineTuning?: { epochs?: number; batchSize: number; learningRate: number }
}
const lars: PartialConfig = { optimizer: 'lars', learningRate: 1, weightDecay: 1e-6, knnEvery: 0 }
const cpu: Scale = {
  common: { ...findPreset('cifar10-cpu'), ...lars, trainImages: 10_000, batchSize: 256, epochs: 4 },
  epochs: [1, 2, 4, 8, 16],
  networks: [
    { depth: 18, width: 0.5 },
    { depth: 34, width: 0.25 },
  ],
  fineTuning: { batchSize: 64, learningRate: 0.05 },
}
const smoke: Scale = {
  common: { ...cpu.common, trainImages: 128, batchSize: 32, epochs: 1 },
  epochs: [1, 2],
  networks: [{ depth: 34, width: 0.25 }],
  fineTuning: { epochs: 1, batchSize: 32, learningRate: 0.05 },
}
const paper: Scale = {
  common: { ...findPreset('imagenet'), knnEvery: 0 },
  epochs: [50, 100, 200, 400, 800, 1600, 3200],
  networks: ([18, 34, 50] as const).flatMap((depth) => [1, 2, 4].map((width) => ({ depth, width }))),
}
const scale = values.smoke ? 'smoke' : values.scale
const chosen = new Map(Object.entries({ smoke, cpu, paper })).get(scale)
if (chosen === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)
const { common, epochs, networks, fineTuning } = chosen
const cases: { label: string; settings: PartialConfig }[] = [
  ...epochs.map((epochs) => ({ label: `${epochs} epochs`, settings: { epochs } })),
  ...networks.map((network) => ({ label: `R${network.depth} (${network.width}×)`, settings: network })),
]

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const [train, test] = [sampleImages(dataset, common.trainImages), dataset.split('test')]
const shares = [0.1, 0.01]
const series = shares.map((share) => ({
  name: `${100 * share} % of the labels`,
  points: [] as ScatterPoint[],
}))
const rows = ['| pretrained | linear evaluation | 10 % of the labels | 1 % |', '|---|---|---|---|']
for (const { label, settings } of cases) {
  const began = performance.now()
  const config = { ...common, ...settings, data: values.data }
  const out = join(values.out, scale, label.replace(/[^\w.]+/g, '-'))
  const run = await pretrain(config, { out, resume: true, dataset: train })
  const { encoder } = await loadEncoder(run.checkpoint)
  const size = run.config.imageSize
  const protocol = { epochs: scale === 'smoke' ? 2 : 90, augment: scale === 'paper', size }
  const linear = await linearEvaluation({ encoder, train, test, ...protocol })
  encoder.dispose()
  const accuracies = [100 * linear.accuracy]
  for (const [i, fraction] of shares.entries()) {
    const { encoder } = await loadEncoder(run.checkpoint)
    const labelled = train.subset(labelSubset(train.labels!, { fraction }))
    const tuning = { ...semiSupervisedSettings(fraction), ...fineTuning, size }
    const { accuracy } = await fineTune({ encoder, train: labelled, test, ...tuning })
    encoder.dispose()
    accuracies.push(100 * accuracy)
    series[i]!.points.push({ x: 100 * linear.accuracy, y: 100 * accuracy, label })
  }
  rows.push(`| ${label} | ${accuracies.map((accuracy) => accuracy.toFixed(1)).join(' | ')} |`)
  console.log(`${rows.at(-1)} ${((performance.now() - began) / 60_000).toFixed(1)} min`)
}
await dataset.close()

const [title, xLabel, yLabel] = [
  'Linear evaluation against fine-tuning',
  'linear evaluation, top-1 (%)',
  'fine-tuned, top-1 (%)',
]
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'figure-b7.md'), `${rows.join('\n')}\n`)
writeFileSync(join(values.out, 'figure-b7.svg'), scatterPlot({ title, xLabel, yLabel, series }))
console.log(`${rows.join('\n')}\nfigure: ${join(values.out, 'figure-b7.svg')}`)
