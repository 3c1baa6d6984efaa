/**
 * Table 8 of the paper: weights on other datasets, by logistic regression on frozen features, fine-tuned, and the same
 * network from random weights.
 *
 * Run:       pnpm tsx examples/transfer.ts --weights RUN [--weights RUN …] --data NAME=SPEC [--data …] [--scale smoke|cpu|paper] [--out DIR] [--smoke]
 *            e.g. --scale cpu --data cifar10=cifar10:DIR --data dtd10=folder:DIR, or --scale paper --data-dir DIR (all twelve)
 * Takes:     a quarter of an hour on 2 CPU cores at --scale cpu for a quarter of ResNet-18 on those two datasets, ten
 *            seconds at --scale smoke (which --smoke means). What is finished is kept in OUT and not repeated.
 * Last line: table: OUT/transfer.md
 * Settings:  paper: 224 px, 45 λ; 56 runs of 20,000 steps of batch 256, 40,000 from random weights. cpu: 32 px, at most
 *            5,000 training images, 12 λ; 6 runs of 150 steps of batch 128. Validation images, metrics, tests: the paper's.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { sampleImages } from '@simclr/data'
import { openDataset, datasets as published } from '@simclr/data/node'
import { useEngine } from '@simclr/engine'
import {
  type TransferDataset,
  type TransferEncoder,
  type TransferOptions,
  transfer,
  transferDatasets,
  transferMarkdown,
  transferTable,
} from '@simclr/eval'
import { cachedFeatures, folderStore } from '@simclr/eval/node'
import { ResNet } from '@simclr/models'
import { loadEncoder } from '@simclr/trainer/node'

const { values } = parseArgs({
  options: {
    weights: { type: 'string', multiple: true, default: [] },
    data: { type: 'string', multiple: true },
    'data-dir': { type: 'string' },
    scale: { type: 'string', default: 'cpu' },
    out: { type: 'string', default: 'runs/transfer' },
    smoke: { type: 'boolean', default: false },
  },
})

type Scale = Pick<TransferOptions, 'grid' | 'steps' | 'batchSize' | 'size'> & { trainImages?: number }
const scales: Record<string, Scale> = {
  smoke: { grid: 'small', steps: 2, batchSize: 32, size: 16, trainImages: 90 },
  cpu: { grid: 'small', steps: 150, batchSize: 128, size: 32, trainImages: 5000 },
  paper: { grid: 'paper', size: 224 },
}
const scale = values.smoke ? 'smoke' : values.scale
if (scales[scale] === undefined) throw new Error(`--scale must be smoke, cpu or paper, got ${scale}`)
const { trainImages, ...settings } = scales[scale]

const { 'data-dir': dataDir } = values
const twelve = dataDir && transferDatasets.map((name) => `${name}=${name}:${dataDir}`)
const sources = values.data ?? (twelve || ['shapes=synthetic:270'])

const engine = await useEngine('auto')
console.log(`engine: ${engine.name} ${engine.version}; ${scale} on ${sources.join(', ')}`)

/** Stored results are found by the path of the checkpoint. */
async function openWeights(path: string): Promise<TransferEncoder> {
  const { encoder, path: checkpoint } = await loadEncoder(path)
  encoder.dispose()
  const { depth, width, stem } = encoder.options
  return {
    name: basename(path),
    identity: checkpoint,
    load: async () => (await loadEncoder(checkpoint)).encoder,
    untrained: {
      architecture: `ResNet-${depth} (${width}×), ${stem} stem`,
      load: () => new ResNet(encoder.options),
    },
  }
}

/** Stands in where no weights are given, to show what the rest does. */
const tiny = (seed: number): ResNet => new ResNet({ depth: 18, width: 0.125, stem: 'cifar', seed })
const untrained: TransferEncoder = {
  name: 'no weights given',
  load: () => tiny(1),
  untrained: { architecture: 'ResNet-18 (0.125×)', load: () => tiny(0) },
}

async function openSource(text: string): Promise<TransferDataset> {
  const [name = '', spec = ''] = text.split(/=(.*)/s)
  const { title, metric } = published.get(name)?.info ?? {}
  const dataset = sampleImages(await openDataset(spec), trainImages)
  return { name, dataset, ...(title && { title }), ...(metric && { metric }) }
}

const encoders =
  values.weights.length === 0 ? [untrained] : await Promise.all(values.weights.map(openWeights))
const datasets = await Promise.all(sources.map(openSource))
const result = await transfer({
  ...settings,
  encoders,
  datasets,
  protocols: ['linear', 'finetune', 'random-init'],
  store: folderStore(join(values.out, 'runs')),
  features: (options) => cachedFeatures({ ...options, directory: join(values.out, 'features') }),
  onProgress: ({ dataset, protocol, weights, stage, done, total, score }) => {
    if (score === undefined) return // features and λ
    const which = stage === 'fine-tuning' ? `run ${done}/${total}, validation` : 'test'
    console.log(`${dataset} ${protocol} ${weights}: ${which} ${(100 * score).toFixed(1)} %`)
  },
})
await Promise.all(datasets.map(({ dataset }) => dataset.close()))

const markdown = transferMarkdown(transferTable(result))
mkdirSync(values.out, { recursive: true })
writeFileSync(join(values.out, 'transfer.md'), markdown)
console.log(`${markdown}\ntable: ${join(values.out, 'transfer.md')}`)
