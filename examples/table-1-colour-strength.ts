/**
 * Table 1 of the paper: accuracy by strength of the colour distortion, of SimCLR and of supervised training.
 *
 * Run:       pnpm tsx examples/table-1-colour-strength.ts --data cifar10:DIR [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 * Takes:     30 minutes on 2 CPU cores at --scale cpu, half a minute at --scale smoke (which --smoke means). Finished
 *            training is kept in OUT and not repeated.
 * Last line: table: OUT/table-1.md
 * Settings:  paper: ResNet-50 on ImageNet (--data imagenet:DIR), batch 4096, LARS, temperature 0.1. cpu: a quarter of
 *            ResNet-18, 5,000 images, 10 epochs of batch 128, SGD, temperature 0.2; evaluated without augmentation on 2,000
 *            test images. Supervised: the same distortion after crop and flip, SGD with rate 0.1 · batch / 256 and cosine
 *            decay, weight decay 1e-4, 90 epochs; cpu: 5e-4, and 20 epochs, as many views as SimCLR has.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { autoAugment, clip, colorDrop, colorJitter, compose, gaussianBlur } from '@simclr/augment'
import { sampleImages } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import { fineTune, linearEvaluation } from '@simclr/eval'
import { folderStore } from '@simclr/eval/node'
import { type Config, findPreset, type PartialConfig, resolveConfig } from '@simclr/trainer'
import { loadEncoder, pretrain, untrainedEncoder } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'synthetic:256' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/table-1' },
    smoke: { type: 'boolean', default: false },
  },
})

const cpu = {
  common: { ...findPreset('cifar10-cpu'), trainImages: 5000, epochs: 10, knnEvery: 0 } as PartialConfig,
  testImages: 2000 as number | undefined,
  supervised: { epochs: 20, batchSize: 128, warmupEpochs: 1, weightDecay: 5e-4 },
}
const smoke: typeof cpu = {
  common: { ...cpu.common, trainImages: 128, width: 0.125, batchSize: 32, epochs: 1 },
  testImages: undefined,
  supervised: { ...cpu.supervised, epochs: 1, batchSize: 32 },
}
const paper: typeof cpu = {
  common: { ...findPreset('imagenet'), knnEvery: 0 },
  testImages: undefined,
  supervised: { epochs: 90, batchSize: 4096, warmupEpochs: 5, weightDecay: 1e-4 },
}
const scale = values.smoke ? 'smoke' : values.scale
const chosen = new Map(Object.entries({ smoke, cpu, paper })).get(scale)
if (chosen === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)
const { common, testImages, supervised } = chosen

const cases: { name: string; settings: PartialConfig }[] = [
  { name: '1/8', settings: { strength: 1 / 8, blur: false } },
  { name: '1/4', settings: { strength: 1 / 4, blur: false } },
  { name: '1/2', settings: { strength: 1 / 2, blur: false } },
  { name: '1', settings: { strength: 1, blur: false } },
  { name: '1 (+blur)', settings: { strength: 1, blur: true } },
  { name: 'AutoAugment', settings: { augmentation: 'auto-augment' } },
]
/** Table 1 of the paper, ImageNet. */
const paperRows = {
  simclr: [59.6, 61.0, 62.6, 63.2, 64.5, 61.1],
  supervised: [77.0, 76.7, 76.5, 75.7, 75.4, 77.1],
}

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${values.data}`)
const dataset = await openDataset(values.data)
const train = sampleImages(dataset, common.trainImages)
const test = sampleImages(dataset.split('test'), testImages)

/** Top-1 of a new encoder of this configuration, trained on labels. */
async function superviseAnew(config: Config): Promise<number> {
  const { augmentation, strength, blur, imageSize: size } = config
  const blurred = blur ? [gaussianBlur(), clip()] : []
  const distortion = compose([colorJitter({ strength }), colorDrop(), clip(), ...blurred])
  const encoder = untrainedEncoder(config)
  const { accuracy } = await fineTune({
    ...{ encoder, train, test, size, ...supervised },
    learningRate: (0.1 * supervised.batchSize) / 256,
    augmentation: augmentation === 'auto-augment' ? autoAugment() : distortion,
  })
  encoder.dispose()
  return 100 * accuracy
}

const store = folderStore(join(values.out, scale, 'supervised'))
const rows = { simclr: [] as number[], supervised: [] as number[] }
for (const { name, settings } of cases) {
  const began = performance.now()
  const config = resolveConfig(common, settings, { data: values.data })
  const out = join(values.out, scale, name.replace(/\W+/g, '-'))
  const run = await pretrain(config, { out, resume: true, dataset: train })
  const { encoder } = await loadEncoder(run.checkpoint)
  const protocol = { epochs: scale === 'smoke' ? 2 : 90, augment: scale === 'paper' }
  const { accuracy } = await linearEvaluation({ encoder, train, test, size: config.imageSize, ...protocol })
  encoder.dispose()
  const key = JSON.stringify({ config, supervised, testImages })
  const ours = 100 * accuracy
  const baseline = ((await store.get(key)) as number | undefined) ?? (await superviseAnew(config))
  await store.set(key, baseline)
  rows.simclr.push(ours)
  rows.supervised.push(baseline)
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  console.log(
    `${name}: SimCLR top-1 ${ours.toFixed(1)} %, supervised ${baseline.toFixed(1)} %, ${minutes} min`,
  )
}
await dataset.close()

const row = (name: string, numbers: readonly number[]): string =>
  `| ${name} | ${numbers.map((number) => number.toFixed(1)).join(' | ')} |`
const table = [
  `| top-1 (%) | ${cases.map(({ name }) => name).join(' | ')} |`,
  `|---|${cases.map(() => '---|').join('')}`,
  row('SimCLR', rows.simclr),
  row('supervised', rows.supervised),
  row('the paper: SimCLR', paperRows.simclr),
  row('the paper: supervised', paperRows.supervised),
].join('\n')
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'table-1.md'), `${table}\n`)
console.log(`${table}\ntable: ${join(values.out, 'table-1.md')}`)
