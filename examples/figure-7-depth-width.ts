/**
 * Figure 7 of the paper: linear evaluation by depth and width, beside longer pretraining and supervised training.
 *
 * Run:       pnpm tsx examples/figure-7-depth-width.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     25 minutes on 2 CPU cores at --scale cpu, ten seconds at --scale smoke (which --smoke means). Finished
 *            pretraining is kept in OUT and not repeated.
 * Last line: figure: OUT/figure-7.svg
 * Settings:  paper: ImageNet (--data imagenet:DIR), batch 4096, LARS, temperature 0.1, 100 and 1000 epochs; supervised 90
 *            epochs. cpu: narrow networks, 4,000 images, batch 256, LARS, temperature 0.2, 5 and 12 epochs; supervised 10, which
 *            see one view of an image each. Supervised: SGD, rate 0.1·batch/256, weight decay 5e-4 (paper: 1e-4), crop and flip.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { fineTune, linearEvaluation } from '@simclr/eval'
import { resNetCounts } from '@simclr/models'
import { type ScatterPoint, scatterPlot } from '@simclr/report'
import { type Config, findPreset, type PartialConfig, resolveConfig } from '@simclr/trainer'
import { loadEncoder, pretrain, untrainedEncoder } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/figure-7' },
    smoke: { type: 'boolean', default: false },
  },
})

type Network = readonly [depth: 18 | 34 | 50 | 101 | 152, width: number]
const grid = (depths: Network[0][], widths: number[]): Network[] =>
  depths.flatMap((depth) => widths.map((width) => [depth, width] as const))
interface Scale {
  readonly common: PartialConfig
  readonly networks: readonly Network[]
  /** Networks of this depth are pretrained for so many epochs too. */
  readonly longer: readonly [depth: number, epochs: number]
  readonly supervised: { epochs: number; weightDecay: number; warmupEpochs: number }
}
const lars: PartialConfig = { optimizer: 'lars', learningRate: 1, weightDecay: 1e-6, knnEvery: 0 }
const cpu: Scale = {
  common: { ...findPreset('cifar10-cpu'), ...lars, trainImages: 4000, batchSize: 256, epochs: 5 },
  networks: [...grid([18], [0.125, 0.25, 0.5]), ...grid([34], [0.125, 0.25]), ...grid([50], [0.125])],
  longer: [18, 12],
  supervised: { epochs: 10, weightDecay: 5e-4, warmupEpochs: 1 },
}
const smoke: Scale = {
  ...cpu,
  common: { ...cpu.common, trainImages: 128, batchSize: 32, epochs: 1 },
  networks: grid([18], [0.0625, 0.125]),
  longer: [18, 2],
}
const paper: Scale = {
  common: { ...findPreset('imagenet'), epochs: 100, knnEvery: 0 },
  networks: [...grid([18, 34, 50], [1, 2, 4]), ...grid([101, 152], [1, 2])],
  longer: [50, 1000],
  supervised: { epochs: 90, weightDecay: 1e-4, warmupEpochs: 5 },
}
const scale = values.smoke ? 'smoke' : values.scale
const chosen = new Map(Object.entries({ smoke, cpu, paper })).get(scale)
if (chosen === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)
const { common, networks, longer, supervised } = chosen

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const images = { train: sampleImages(dataset, common.trainImages), test: dataset.split('test') }

async function pretrained(config: Config): Promise<number> {
  const out = join(values.out, scale, `resnet-${config.depth}-${config.width}-epochs-${config.epochs}`)
  const run = await pretrain(config, { out, resume: true, dataset: images.train })
  const { encoder } = await loadEncoder(run.checkpoint)
  const protocol = { epochs: scale === 'smoke' ? 2 : 90, augment: scale === 'paper' }
  const { accuracy } = await linearEvaluation({ encoder, ...images, ...protocol, size: config.imageSize })
  encoder.dispose()
  return 100 * accuracy
}

async function trainedOnLabels(config: Config): Promise<number> {
  const encoder = untrainedEncoder(config)
  const { batchSize, imageSize: size } = config
  const settings = { ...supervised, batchSize, learningRate: (0.1 * batchSize) / 256 }
  const { accuracy } = await fineTune({ encoder, ...images, ...settings, size })
  encoder.dispose()
  return 100 * accuracy
}

const names = [
  `SimCLR, ${common.epochs} epochs`,
  `SimCLR, ${longer[1]} epochs`,
  `supervised, ${supervised.epochs} epochs`,
]
const series = names.map((name) => ({ name, points: [] as ScatterPoint[] }))
const rows = [`| network | parameters (millions) | ${names.join(' | ')} |`, '|---|---|---|---|---|']
for (const [depth, width] of networks) {
  const began = performance.now()
  const config = resolveConfig(common, { depth, width, data: values.data })
  const x = resNetCounts(config).parameters / 1e6
  const accuracies = [
    await pretrained(config),
    depth === longer[0] ? await pretrained({ ...config, epochs: longer[1] }) : Number.NaN,
    await trainedOnLabels(config),
  ]
  const label = `R${depth} (${width}×)`
  for (const [i, y] of accuracies.entries()) series[i]!.points.push({ x, y, label })
  const cells = [x.toFixed(2), ...accuracies.map((y) => (Number.isNaN(y) ? '' : y.toFixed(1)))]
  rows.push(`| ${label} | ${cells.join(' | ')} |`)
  console.log(`${rows.at(-1)} ${((performance.now() - began) / 60_000).toFixed(1)} min`)
}
await dataset.close()

const [title, xLabel, yLabel] = ['Linear evaluation by depth and width', 'parameters (millions)', 'top-1 (%)']
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'figure-7.md'), `${rows.join('\n')}\n`)
writeFileSync(join(values.out, 'figure-7.svg'), scatterPlot({ title, xLabel, yLabel, series, logX: true }))
console.log(`${rows.join('\n')}\nfigure: ${join(values.out, 'figure-7.svg')}`)
