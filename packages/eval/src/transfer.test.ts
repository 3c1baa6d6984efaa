/** The whole suite, on small copies of all twelve datasets in their authors' layouts. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, synthetic } from '@simclr/data'
import { cifar10, cifar100, datasets, openDataset } from '@simclr/data/node'
import { encodeSafetensors, moduleWeights, ResNet } from '@simclr/models'
import { CIFAR_MINIATURES, writeTransferMiniatures } from '@simclr/tools/testing'
import { memory } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Encoder, extractFeatures } from './extract-features.ts'
import { memoryStore } from './run-store.ts'
import { type TransferDataset, type TransferEncoder, type TransferOptions, transfer } from './transfer.ts'
import { transferDatasets } from './transfer-datasets.ts'

const SIZE = 16
let root: string
let opened: TransferDataset[]

beforeAll(async () => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {}) // that the copies are incomplete
  root = await mkdtemp(join(tmpdir(), 'simclr-transfer-'))
  await writeTransferMiniatures(root)
  opened = await Promise.all(
    transferDatasets.map(async (name) => {
      const { metric } = datasets.get(name)!.info
      return { name, dataset: await openMiniature(name), ...(metric && { metric }) }
    }),
  )
})

afterAll(async () => {
  await Promise.all(opened.map(({ dataset }) => dataset.close()))
  await rm(root, { recursive: true })
  vi.restoreAllMocks()
})

function openMiniature(name: string): Promise<Dataset> {
  if (name === 'cifar10') return cifar10(root, { recordsPerFile: CIFAR_MINIATURES.cifar10 })
  if (name === 'cifar100') return cifar100(root, { records: CIFAR_MINIATURES.cifar100 })
  return openDataset(`${name}:${root}`, { allowPartial: true, threads: 1 })
}

const newEncoder = (seed: number): ResNet => new ResNet({ depth: 18, width: 0.125, stem: 'cifar', seed })

async function digest(encoder: Encoder): Promise<string> {
  return createHash('sha256')
    .update(encodeSafetensors(await moduleWeights(encoder)))
    .digest('hex')
}

/** Weights of a seed, and how often they were loaded. */
function weights(
  name: string,
  seed: number,
): TransferEncoder & { load: ReturnType<typeof vi.fn<() => ResNet>> } {
  return {
    name,
    load: vi.fn(() => newEncoder(seed)),
    untrained: { architecture: 'ResNet-18', load: () => newEncoder(7) },
  }
}

const some = (...names: string[]): TransferDataset[] => opened.filter(({ name }) => names.includes(name))
const small = { grid: 'small', size: SIZE, batchSize: 8 } as const

describe('linear', () => {
  it('runs on all twelve layouts, each with its metric and validation images, and leaves the encoder as it is', async () => {
    const before = memory().numTensors
    const used: string[] = []
    const features: TransferOptions['features'] = async (options) => {
      const extracted = await extractFeatures(options)
      used.push(await digest(options.encoder))
      return extracted
    }
    const result = await transfer({
      ...small,
      encoders: [weights('first', 0), weights('second', 1)],
      datasets: opened,
      features,
    })
    expect(memory().numTensors).toBe(before)

    expect(result.datasets.map(({ name }) => name)).toEqual(transferDatasets)
    expect(result.datasets.filter(({ heldOut }) => !heldOut).map(({ name }) => name)).toEqual([
      ...['fgvc-aircraft', 'voc2007', 'dtd', 'flowers102'],
    ])
    expect(result.datasets.find(({ name }) => name === 'voc2007')).toMatchObject({
      ...{ metric: '11-point mAP', classes: 20, train: 8, validation: 4, test: 8 },
    })
    expect(result.cells).toHaveLength(24)
    for (const { score, correctness, dataset } of result.cells) {
      expect(score).toSatisfy((value: number) => value >= 0 && value <= 1)
      expect(correctness).toHaveLength(result.datasets.find(({ name }) => name === dataset)!.test)
    }
    // Classes differ in colour, which random features tell.
    const food = result.cells.find(({ dataset }) => dataset === 'food101')!
    expect(food.score).toBe(1)
    expect(result.comparisons).toHaveLength(12)

    // Of each dataset three splits, with the first weights and then with the second.
    const encoders = [newEncoder(0), newEncoder(1)]
    const untouched = await Promise.all(encoders.map(digest))
    for (const encoder of encoders) encoder.dispose()
    expect(used).toHaveLength(12 * 6)
    expect(used).toEqual(used.map((_, i) => untouched[Math.floor(i / 3) % 2]))
  })
})

describe('finetune and random-init', () => {
  const options = (): TransferOptions => ({
    ...small,
    encoders: [weights('first', 0)],
    datasets: some('voc2007', 'dtd'),
    protocols: ['finetune', 'random-init'],
    steps: 2,
  })

  it('share a group, and an interrupted suite repeats no finished run', async () => {
    const store = memoryStore()
    const lines: string[] = []
    const interrupted = transfer({
      ...options(),
      store,
      onProgress: ({ dataset, protocol, stage, done }) => {
        lines.push(`${dataset} ${protocol} ${stage} ${done}`)
        if (lines.at(-1) === 'dtd finetune fine-tuning 3') throw new Error('interrupted')
      },
    })
    await expect(interrupted).rejects.toThrow('interrupted')
    const first = weights('first', 0)
    const stages: string[] = []
    const result = await transfer({
      ...options(),
      encoders: [first],
      store,
      onProgress: ({ stage }) => stages.push(stage),
    })
    // Three runs of DTD's grid and the last one on all images were still to do.
    expect(first.load).toHaveBeenCalledTimes(4)
    expect(stages.filter((stage) => stage === 'found')).toHaveLength(2)
    expect(result.cells.map(({ dataset, weights }) => `${dataset} ${weights}`)).toEqual([
      ...['voc2007 first', 'voc2007 random init ResNet-18', 'dtd first', 'dtd random init ResNet-18'],
    ])
    expect(new Set(result.cells.map(({ group }) => group))).toEqual(new Set(['fine-tuned']))
    expect(result.comparisons).toHaveLength(2)

    const again = await transfer({ ...options(), store, onProgress: ({ stage }) => stages.push(stage) })
    expect(again).toEqual(result)
    expect(stages.slice(-4)).toEqual(['found', 'found', 'found', 'found'])
  })
})

describe('refuses', () => {
  const dataset = synthetic({ count: 36, testCount: 9, size: 8 })
  const base: TransferOptions = { ...small, encoders: [], datasets: [{ name: 'shapes', dataset }] }
  const run = (options: Partial<TransferOptions>) =>
    transfer({ ...base, encoders: [weights('a', 0)], ...options })

  it.each<[string, Partial<TransferOptions>, string]>([
    ['two weights of one name', { encoders: [weights('a', 0), weights('a', 1)] }, 'got "a" twice'],
    ['no weights', { encoders: [] }, 'number of encoders'],
    [
      'random-init without an untrained encoder',
      { encoders: [{ name: 'a', load: () => newEncoder(0) }], protocols: ['random-init'] },
      'none for a',
    ],
    [
      'a metric for other labels',
      { datasets: [{ name: 'shapes', dataset, metric: '11-point mAP' }] },
      'transfer: metric: must be top-1 accuracy or mean per-class accuracy',
    ],
    [
      'a class of one image',
      { datasets: [{ name: 's', dataset: dataset.subset([0, 1, 9]) }] },
      'got one of class',
    ],
  ])('%s', async (_, options, message) => {
    await expect(run(options)).rejects.toThrow(message)
  })

  it('features that are not finite', async () => {
    const broken: TransferOptions['features'] = async (options) => {
      const extracted = await extractFeatures(options)
      extracted.features[3] = Number.NaN
      return extracted
    }
    await expect(run({ features: broken })).rejects.toThrow(/finite, got NaN in row 0/)
  })
})
