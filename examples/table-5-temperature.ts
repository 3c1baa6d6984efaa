/**
 * Table 5 of the paper in small: NT-Xent with and without ℓ2 normalisation at several temperatures, the same budget each.
 *
 * Run:       pnpm tsx examples/table-5-temperature.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     25 minutes on 2 CPU cores at --scale cpu, half a minute at --scale smoke (which --smoke means)
 * Last line: table: OUT/table-5.md
 * Settings:  paper: ResNet-50 on ImageNet (--data imagenet:DIR), batch 4096, LARS. cpu: a quarter of
 *            ResNet-18, 10,000 images, batch 256, LARS. Entropy and contrastive accuracy are means over the last epoch.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { linearEvaluation } from '@simclr/eval'
import { findPreset, type PartialConfig } from '@simclr/trainer'
import { loadEncoder, pretrain } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/table-5' },
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
const scales: Record<string, PartialConfig> = {
  smoke: { ...cpu, trainImages: 128, width: 0.125, batchSize: 32, epochs: 1 },
  cpu,
  paper: { ...findPreset('imagenet'), knnEvery: 0 },
}
const scale = values.smoke ? 'smoke' : values.scale
const common = scales[scale]
if (common === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)

/** Entropy, contrastive accuracy and top-1 as in table 5 of the paper. */
const cases: { normalize: boolean; temperature: number; paper: [number, number, number] }[] = [
  { normalize: true, temperature: 0.05, paper: [1.0, 90.5, 59.7] },
  { normalize: true, temperature: 0.1, paper: [4.5, 87.8, 64.4] },
  { normalize: true, temperature: 0.5, paper: [8.2, 68.2, 60.7] },
  { normalize: true, temperature: 1, paper: [8.3, 59.1, 58.0] },
  { normalize: false, temperature: 10, paper: [0.5, 91.7, 57.2] },
  { normalize: false, temperature: 100, paper: [0.5, 92.1, 57.0] },
]

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const rows = [
  '| ℓ2 norm | τ | entropy | contrastive acc. | top-1 | the paper: entropy | contrastive acc. | top-1 |',
  '|---|---|---|---|---|---|---|---|',
]
for (const { normalize, temperature, paper } of cases) {
  const out = join(values.out, `${normalize ? 'yes' : 'no'}-${temperature}`)
  const began = performance.now()
  const settings = { ...common, normalize, temperature, data: values.data }
  const run = await pretrain(settings, { out, resume: true, dataset })
  const steps = readFileSync(join(out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { event: string; contrastiveEntropy: number; contrastiveAccuracy: number },
    )
    .filter(({ event }) => event === 'step')
    .slice(-run.totalSteps / run.config.epochs)
  const mean = (key: 'contrastiveEntropy' | 'contrastiveAccuracy') =>
    steps.reduce((sum, step) => sum + step[key], 0) / steps.length
  const { encoder } = await loadEncoder(run.checkpoint)
  const { accuracy } = await linearEvaluation({
    encoder,
    train: dataset,
    test: dataset.split('test'),
    epochs: scale === 'smoke' ? 2 : 90,
    augment: scale === 'paper',
  })
  encoder.dispose()
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  const measured = [mean('contrastiveEntropy'), 100 * mean('contrastiveAccuracy'), 100 * accuracy]
  rows.push(
    `| ${normalize ? 'yes' : 'no'} | ${temperature} | ${[...measured, ...paper].map((n) => n.toFixed(1)).join(' | ')} |`,
  )
  console.log(`${rows.at(-1)} ${minutes} min`)
}
await dataset.close()

mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'table-5.md'), `${rows.join('\n')}\n`)
console.log(`${rows.join('\n')}\ntable: ${join(values.out, 'table-5.md')}`)
