/**
 * Table 7 of the paper: a pretrained network fine-tuned on 1 % and 10 % of the labels, against the same network trained on
 * them from random weights. Every seed draws its own class-balanced images, the same for both.
 *
 * Run:       pnpm tsx examples/semi-supervised.ts --data cifar10:DIR [--encoder RUN] [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     20 minutes on 2 CPU cores at --scale cpu, and as long again to pretrain where no --encoder is given; half
 *            a minute at --scale smoke (which --smoke means). What is finished is kept in OUT and not repeated.
 * Last line: table: OUT/semi-supervised.md
 * Settings:  paper: ResNet-50 on ImageNet (--data imagenet:DIR), also all labels; fine-tuned as appendix B.5 has it, from
 *            random weights with settings of ours. cpu: a quarter of ResNet-18, batch 64, rates chosen on CIFAR-10's training
 *            images, tested on all test images.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { labelSubset, sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { type FineTuneOptions, type FineTuneResult, fineTune, semiSupervisedSettings } from '@simclr/eval'
import { folderStore } from '@simclr/eval/node'
import { ResNet } from '@simclr/models'
import { findPreset, type PartialConfig, resolveConfig } from '@simclr/trainer'
import { loadEncoder, pretrain } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    encoder: { type: 'string' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/semi-supervised' },
    smoke: { type: 'boolean', default: false },
  },
})

type Start = 'from scratch' | 'pretrained'
interface Scale {
  readonly pretraining: PartialConfig
  readonly shares: readonly number[]
  readonly seeds: readonly number[]
  /** What `fineTune` takes for a share of the labels. */
  readonly settings: Readonly<Record<Start, (share: number) => Partial<FineTuneOptions>>>
  readonly testImages?: number
}
const scratch = { batchSize: 64, learningRate: 0.2, warmupEpochs: 2, weightDecay: 5e-4 }
const cpu: Scale = {
  pretraining: findPreset('cifar10-cpu'),
  shares: [0.01, 0.1],
  seeds: [0, 1, 2],
  settings: {
    'from scratch': (share) => ({ ...scratch, epochs: share < 0.1 ? 100 : 30 }),
    pretrained: (share) => ({
      batchSize: 64,
      learningRate: share < 0.1 ? 0.0125 : 0.05,
      epochs: semiSupervisedSettings(share).epochs,
    }),
  },
}
const smoke: Scale = {
  pretraining: { ...cpu.pretraining, width: 0.125, batchSize: 64, epochs: 1, knnEvery: 0 },
  shares: cpu.shares,
  seeds: [0, 1],
  settings: {
    'from scratch': () => ({ ...scratch, epochs: 3 }),
    pretrained: () => ({ batchSize: 64, learningRate: 0.0125, epochs: 2 }),
  },
  testImages: 200,
}
const paper: Scale = {
  pretraining: { ...findPreset('imagenet'), epochs: 1000 },
  shares: [0.01, 0.1, 1],
  seeds: [0],
  settings: {
    'from scratch': (share) => ({
      epochs: Math.round(90 / Math.sqrt(share)),
      learningRate: 0.1,
      warmupEpochs: 5,
      weightDecay: 1e-4,
    }),
    pretrained: semiSupervisedSettings,
  },
}
const scale = values.smoke ? 'smoke' : values.scale
const chosen = new Map(Object.entries({ smoke, cpu, paper })).get(scale)
if (chosen === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)
const { pretraining, shares, seeds, settings } = chosen

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const test = sampleImages(dataset.split('test'), chosen.testImages)

const config = { ...pretraining, data: values.data }
const out = join(values.out, scale, 'pretrain')
const source = values.encoder ?? (await pretrain(config, { out, resume: true, dataset })).checkpoint
const {
  encoder,
  path: checkpoint,
  imageSize: size = resolveConfig(config).imageSize,
} = await loadEncoder(source)
encoder.dispose()
const starts: Readonly<Record<Start, (seed: number) => Promise<ResNet>>> = {
  pretrained: async () => (await loadEncoder(checkpoint)).encoder,
  'from scratch': async (seed) => new ResNet({ ...encoder.options, seed }),
}

const store = folderStore(join(values.out, scale, 'runs'))
type Run = Pick<FineTuneResult, 'accuracy' | 'top5'>
async function run(start: Start, share: number, seed: number): Promise<Run> {
  const train = dataset.subset(labelSubset(dataset.labels!, { fraction: share, seed }))
  const options = { ...settings[start](share), seed, size }
  const identity = start === 'pretrained' ? checkpoint : encoder.options
  const key = JSON.stringify({ data: values.data, test: test.length, identity, share, ...options })
  const found = await store.get(key)
  if (found !== undefined) return found as Run
  const network = await starts[start](seed)
  const { accuracy, top5, losses } = await fineTune({ encoder: network, train, test, ...options })
  network.dispose()
  await store.set(key, { accuracy, top5, losses })
  return { accuracy, top5 }
}

/** Mean and sample standard deviation in per cent. */
function meanAndSpread(parts: readonly number[]): string {
  const mean = parts.reduce((sum, value) => sum + value, 0) / parts.length
  const squares = parts.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const spread = parts.length > 1 ? ` ± ${(100 * Math.sqrt(squares / (parts.length - 1))).toFixed(1)}` : ''
  return `${(100 * mean).toFixed(1)}${spread}`
}

const rows = ['| labels | start | top-1 (%) | top-5 (%) |', '|---|---|---|---|']
for (const share of shares) {
  for (const start of ['from scratch', 'pretrained'] as const) {
    const runs: Run[] = []
    for (const seed of seeds) {
      const began = performance.now()
      const result = await run(start, share, seed)
      runs.push(result)
      const minutes = ((performance.now() - began) / 60_000).toFixed(1)
      const top1 = (100 * result.accuracy).toFixed(1)
      console.log(`${100 * share} %, ${start}, seed ${seed}: top-1 ${top1} %, ${minutes} min`)
    }
    const columns = [runs.map(({ accuracy }) => accuracy), runs.map(({ top5 }) => top5)]
    rows.push(`| ${100 * share} % | ${start} | ${columns.map(meanAndSpread).join(' | ')} |`)
  }
}
await dataset.close()

/** Table 7 of the paper, and of its appendix the top-1 accuracies, which it has of SimCLR alone. */
const theirs = `The paper's, a ResNet-50 on ImageNet:

| labels | start | top-1 (%) | top-5 (%) |
|---|---|---|---|
| 1 % | from scratch | | 48.4 |
| 1 % | pretrained | 48.3 | 75.5 |
| 10 % | from scratch | | 80.4 |
| 10 % | pretrained | 65.6 | 87.8 |`
const seedsUsed = seeds.length > 1 ? `mean ± sample standard deviation of ${seeds.length} seeds` : 'one seed'
const ours = `Ours, ${seedsUsed}:\n\n${rows.join('\n')}`
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'semi-supervised.md'), `${ours}\n\n${theirs}\n`)
console.log(`${ours}\ntable: ${join(values.out, 'semi-supervised.md')}`)
