/**
 * Table 3 of the paper: which transformation an image went through, told from the representation h before the projection
 * head and from g(h) after it.
 *
 * Run:       pnpm tsx examples/table-3-projection-head.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     15 to 40 minutes on 2 CPU cores at --scale cpu, half a minute at --scale smoke (which --smoke means). Finished
 *            pretraining is kept in OUT and not repeated.
 * Last line: table: OUT/table-3.md
 * Settings:  paper: ResNet-50 on ImageNet (--data imagenet:DIR), batch 4096, LARS, temperature 0.1. cpu: a quarter of
 *            ResNet-18, 10,000 images, 6 epochs of batch 256, LARS, temperature 0.2. h and g(h) have the same width. All but the
 *            first row are pretrained with their transformation behind the others. MLPs see each image transformed once.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { predictTransformation, type TransformationName, transformationTasks } from '@simclr/eval'
import { findPreset, type PartialConfig, resolveConfig } from '@simclr/trainer'
import { loadEncoder, loadProjectionHead, pretrain, untrainedEncoder } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/table-3' },
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
if (scales[scale] === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)

/** Chance, h and g(h) as in table 3 of the paper. */
const cases: { name: TransformationName; augmentation: string; paper: [number, number, number] }[] = [
  { name: 'color', augmentation: 'simclr', paper: [80, 99.3, 97.4] },
  { name: 'rotate', augmentation: 'simclr+rotate', paper: [25, 67.6, 25.6] },
  { name: 'noise', augmentation: 'simclr+noise', paper: [50, 99.5, 59.6] },
  { name: 'sobel', augmentation: 'simclr+sobel', paper: [50, 96.6, 56.3] },
]

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const untrained = untrainedEncoder(resolveConfig(scales[scale]))
const common: PartialConfig = {
  ...scales[scale],
  projectionWidth: untrained.featureWidth,
  data: values.data,
}
untrained.dispose()
const dataset = await openDataset(values.data)
const train = sampleImages(dataset, common.trainImages)
const rows = [
  '| what to predict? | chance | h | g(h) | the paper: chance | h | g(h) |',
  '|---|---|---|---|---|---|---|',
]
for (const { name, augmentation, paper } of cases) {
  const began = performance.now()
  const out = join(values.out, scale, augmentation)
  const run = await pretrain({ ...common, augmentation }, { out, resume: true, dataset: train })
  const { encoder, path } = await loadEncoder(run.checkpoint)
  const projection = await loadProjectionHead(path)
  const task = transformationTasks[name]
  const told = await predictTransformation({
    ...{ encoder, projection, task, train, test: dataset.split('test') },
    epochs: scale === 'smoke' ? 2 : 90,
    size: run.config.imageSize,
  })
  encoder.dispose()
  projection.dispose()
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  const measured = [told.chance, told.encoder, told.projection].map((share) => 100 * share)
  rows.push(`| ${task.title} | ${[...measured, ...paper].map((n) => n.toFixed(1)).join(' | ')} |`)
  console.log(`${rows.at(-1)} ${minutes} min`)
}
await dataset.close()

mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'table-3.md'), `${rows.join('\n')}\n`)
console.log(`${rows.join('\n')}\ntable: ${join(values.out, 'table-3.md')}`)
