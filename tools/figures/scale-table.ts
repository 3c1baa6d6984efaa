/**
 * Writes the tables of docs/scale.md between its markers: bytes, predicted seconds and efficiency of ResNet-50 by the
 * cost model of @simclr/distributed.
 *
 * Run from the root: `npx tsx --conditions=@simclr/source tools/figures/scale-table.ts`
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { type StepCost, type StepMachine, type StepWork, stepCost } from '@simclr/distributed'
import { resNetCounts } from '@simclr/models'

const encoder = resNetCounts({ depth: 50 })
const width = encoder.featureWidth
const PROJECTION_WIDTH = 128
/** A two-layer head without biases; its second normalisation has no offset. */
const network = {
  parameters: encoder.parameters + width * width + 2 * width + width * PROJECTION_WIDTH + PROJECTION_WIDTH,
  // 49 convolutions and 4 shortcuts of the encoder, 2 layers of the head.
  batchNormLayers: 53 + 2,
  batchNormChannels: encoder.movingStatistics / 2 + width + PROJECTION_WIDTH,
  projectionWidth: PROJECTION_WIDTH,
}

/** The assumptions of docs/scale.md. */
const machine: StepMachine = {
  viewsPerSecond: 2470,
  link: { bandwidth: 40e9, latency: 5e-6 },
  host: { ranks: 8, bandwidth: 200e9, latency: 0.5e-6 },
  operationSeconds: 10e-6,
  updateSeconds: 1e-3,
}
/** Fewer views do not fill a GPU; more do not fit into 80 GB. */
const [FEWEST_VIEWS, MOST_VIEWS] = [64, 900]

const batchSizes = [4096, 8192, 16_384, 32_768]
const gpuCounts = [8, 16, 32, 64, 128, 256, 512, 1024]

function cost(
  batchSize: number,
  ranks: number,
  options: Partial<StepWork & { overlap: number }> = {},
): StepCost {
  const { overlap = 0, ...work } = options
  return stepCost({ work: { ...network, batchSize, ...work }, machine, ranks, overlap })
}

const bytesTable = table(
  [
    'batch',
    'GPUs',
    'gradients, float32',
    'bf16',
    'statistics',
    'gather',
    'its gradient',
    'metrics',
    'all, float32',
  ],
  batchSizes.flatMap((batchSize) =>
    [8, 1024].map((ranks) => {
      const { bytes } = cost(batchSize, ranks)
      const half = cost(batchSize, ranks, { gradientBytes: 2 }).bytes.gradients
      const { gradients, batchStatistics, gather, gatherGradient, metrics, total } = bytes
      const parts = [gradients, half, batchStatistics, gather, gatherGradient, metrics, total]
      return [count(batchSize), count(ranks), ...parts.map((part) => megabytes(part))]
    }),
  ),
)

const timeTable = table(
  ['GPUs', ...batchSizes.map((batchSize) => `batch ${count(batchSize)}`)],
  gpuCounts.map((ranks) => [
    count(ranks),
    ...batchSizes.map((batchSize) => {
      const { seconds, efficiency } = cost(batchSize, ranks)
      const views = (2 * batchSize) / ranks
      const mark = views < FEWEST_VIEWS ? ' °' : views > MOST_VIEWS ? ' †' : ''
      return `${milliseconds(seconds.total)}, ${percent(efficiency.strong)}${mark}`
    }),
  ]),
)

const partsTable = table(
  [
    'GPUs',
    'compute',
    'statistics',
    'gather and its gradient',
    'gradients',
    'metrics',
    'update',
    'all',
    'with overlap',
    'with overlap and bf16',
  ],
  gpuCounts.map((ranks) => {
    const { seconds } = cost(8192, ranks)
    const { compute, batchStatistics, gather, gatherGradient, gradients, metrics, update, total } = seconds
    const overlapped = cost(8192, ranks, { overlap: 1 }).seconds.total
    const halved = cost(8192, ranks, { overlap: 1, gradientBytes: 2 }).seconds.total
    const parts = [
      compute,
      batchStatistics,
      gather + gatherGradient,
      gradients,
      metrics,
      update,
      total,
      overlapped,
      halved,
    ]
    return [count(ranks), ...parts.map(milliseconds)]
  }),
)

const page = 'docs/scale.md'
let text = readFileSync(page, 'utf8')
for (const [name, rows] of Object.entries({ bytes: bytesTable, time: timeTable, parts: partsTable })) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`${page} must hold ${begin} and ${end}`)
  text = `${before}${begin}\n${rows}\n${end}${after}`
}
writeFileSync(page, text)

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function milliseconds(seconds: number): string {
  const value = seconds * 1000
  return `${value < 100 ? value.toFixed(1) : count(Math.round(value))} ms`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
