/**
 * Table 4 of the paper in small: one network pretrained with each loss for the same budget, then linear evaluation.
 *
 * Run:       pnpm tsx examples/table-4-losses.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     20 minutes on 2 CPU cores at --scale cpu, half a minute at --scale smoke (which --smoke means)
 * Last line: table: OUT/table-4.md
 * Settings:  paper: ResNet-50 on ImageNet (--data imagenet:DIR), batch 4096, LARS, temperature 0.1. cpu: a quarter of
 *            ResNet-18, 10,000 images, batch 256, LARS, temperature 0.2. Margin 0.4. The paper tunes temperature and margin
 *            for each loss; here they are given.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
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
    out: { type: 'string', default: 'runs/table-4' },
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

/** Top-1 as in table 4 of the paper. */
const losses: { name: string; paper: number; settings: PartialConfig }[] = [
  { name: 'Margin', paper: 50.9, settings: { loss: 'margin-triplet' } },
  { name: 'NT-Logi.', paper: 51.6, settings: { loss: 'nt-logistic' } },
  {
    name: 'Margin (sh)',
    paper: 57.5,
    settings: { loss: 'margin-triplet', negatives: 'semi-hard' },
  },
  {
    name: 'NT-Logi.(sh)',
    paper: 57.9,
    settings: { loss: 'nt-logistic', negatives: 'semi-hard' },
  },
  { name: 'NT-Xent', paper: 63.9, settings: { loss: 'nt-xent' } },
]

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const rows = ['| loss | top-1 here | top-1 in the paper |', '|---|---|---|']
for (const { name, paper, settings } of losses) {
  const out = join(values.out, name.replace(/\W+/g, '-').toLowerCase())
  const began = performance.now()
  const run = await pretrain({ ...common, ...settings, data: values.data }, { out, resume: true, dataset })
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
  console.log(`${name}: top-1 ${(100 * accuracy).toFixed(1)} %, ${minutes} min`)
  rows.push(`| ${name} | ${(100 * accuracy).toFixed(1)} | ${paper} |`)
}
await dataset.close()

mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'table-4.md'), `${rows.join('\n')}\n`)
console.log(`${rows.join('\n')}\ntable: ${join(values.out, 'table-4.md')}`)
