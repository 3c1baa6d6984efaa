/** Everything a report shows of a run: its files, and what its encoder makes of some images. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RandomKey } from '@simclr/core'
import { type Dataset, type ImageBatch, sampleImages } from '@simclr/data'
import { extractFeatures, type Features, nearestNeighbours } from '@simclr/eval'
import type { ResNet } from '@simclr/models'
import { type Picture, parseMetrics, projectTwoDimensions, type ReportData } from '@simclr/report'
import { buildViewPlan, type Config, drawViews, type ViewKey, viewReading } from '@simclr/trainer'
import { readCheckpoint } from '@simclr/trainer/node'
import type { EvaluationResult } from './evaluation-flags.ts'
import { percent } from './progress.ts'

const VIEW_PAIRS = 12
const QUERIES = 8
const NEIGHBOURS = 6
const MAP_POINTS = 1000

/** The encoder of a run. */
export interface TrainedEncoder {
  readonly encoder: ResNet
  /** Folder of the checkpoint. */
  readonly path: string
  readonly config: Config
  /** Updates made. */
  readonly step: number
}

/**
 * Collects the report of a run.
 *
 * @param run The run's folder.
 * @param dataset The images to show, training split: neighbours and map take test images where there are some.
 */
export async function collectReport(
  run: string,
  { encoder, path, config, step }: TrainedEncoder,
  dataset: Dataset,
): Promise<ReportData> {
  const { steps, evaluations } = parseMetrics(await readFile(join(run, 'metrics.jsonl'), 'utf8'))
  const results = await readResults(run)
  const pool = sampleImages(dataset.splits.includes('test') ? dataset.split('test') : dataset, MAP_POINTS)
  const pictures = await readPictures(pool, config)
  const poolFeatures = await extractFeatures({ encoder, dataset: pool, size: config.imageSize })
  const { features, width, labels } = poolFeatures
  const labelOf = (row: number): { label?: string } => {
    const name = labels === undefined ? undefined : dataset.classes[labels[row]!]
    return name === undefined ? {} : { label: name }
  }
  return {
    title: `SimCLR on ${dataset.name}`,
    created: new Date().toISOString(),
    summary: summarize(evaluations, results, steps, step),
    config,
    engine: { name: (await readCheckpoint(path)).state.engine },
    steps,
    evaluations,
    results: results.map(({ name, accuracy, detail }) => ({ name, accuracy, detail })),
    viewPairs: await drawViewPairs(dataset, config),
    neighbours: (await neighboursOfFirst(poolFeatures)).map(({ query, nearest }) => ({
      query: pictures[query]!,
      ...labelOf(query),
      nearest: nearest.map(({ row, similarity }) => ({
        picture: pictures[row]!,
        ...labelOf(row),
        similarity,
      })),
    })),
    map: { ...projectTwoDimensions(features, width), labels, classes: dataset.classes },
  }
}

/** The other rows that are most like each of the first ones. */
async function neighboursOfFirst(pool: Features) {
  const { features, width } = pool
  const rows = features.length / width
  const k = Math.min(NEIGHBOURS + 1, rows) // one more: a row finds itself
  const queries = { ...pool, features: features.subarray(0, QUERIES * width) }
  const { indices, similarities } = await nearestNeighbours({ features: pool, queries, k })
  return Array.from({ length: Math.min(QUERIES, rows) }, (_, query) => ({
    query,
    nearest: Array.from(indices.subarray(query * k, (query + 1) * k), (row, rank) => ({
      row,
      similarity: similarities[query * k + rank]!,
    }))
      .filter(({ row }) => row !== query)
      .slice(0, NEIGHBOURS),
  }))
}

interface StoredResult {
  name: string
  accuracy: number
  detail: string
}

async function readResults(run: string): Promise<StoredResult[]> {
  const folder = join(run, 'evaluations')
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (file) => {
      const { accuracy, data, step } = JSON.parse(
        await readFile(join(folder, file), 'utf8'),
      ) as EvaluationResult
      return { name: file.slice(0, -'.json'.length), accuracy, detail: `${data}, step ${step}` }
    }),
  )
}

function summarize(
  evaluations: ReportData['evaluations'],
  results: readonly StoredResult[],
  steps: ReportData['steps'],
  step: number,
): ReportData['summary'] {
  const [untrained, trained] = [evaluations[0], evaluations.at(-1)]
  const rates = steps.map(({ viewsPerSecond }) => viewsPerSecond).sort((a, b) => a - b)
  return [
    ...(trained === undefined || untrained?.step !== 0
      ? []
      : [
          {
            label: 'Online kNN accuracy',
            value: percent(trained.accuracy),
            note: `${percent(untrained.accuracy)} untrained`,
          },
        ]),
    ...results
      .filter(({ name }) => name === 'linear-eval')
      .map(({ accuracy }) => ({ label: 'Linear evaluation', value: percent(accuracy) })),
    { label: 'Steps', value: String(step) },
    ...(rates.length === 0
      ? []
      : [
          { label: 'Views per second', value: String(Math.round(rates[rates.length >> 1]!)), note: 'median' },
        ]),
  ]
}

async function drawViewPairs(dataset: Dataset, config: Config): Promise<ReportData['viewPairs']> {
  const key = RandomKey.fromSeed(config.seed).fold('report')
  const keyOf: ViewKey = (image, view) => key.fold(image).fold(view)
  const augmentation = buildViewPlan(config, { crop: dataset.imageSize !== undefined })
  const images = sampleImages(dataset, VIEW_PAIRS)
  for await (const batch of images.batches({
    batchSize: VIEW_PAIRS,
    ...viewReading(dataset, config, keyOf),
  })) {
    const views = drawViews(batch, augmentation, keyOf)
    const bytes = Uint8Array.from(await views.data(), (value) => Math.round(255 * value))
    const [, height, width] = views.shape
    views.dispose()
    const drawn = splitPictures(bytes, height, width)
    const originals = batch.views === 1 ? batchPictures(batch) : []
    return drawn.slice(0, batch.count).map((first, i) => ({
      first,
      second: drawn[i + batch.count]!,
      ...(originals[i] === undefined ? {} : { original: originals[i] }),
    }))
  }
  return []
}

async function readPictures(dataset: Dataset, { imageSize }: Config): Promise<Picture[]> {
  const pictures: Picture[] = []
  const size = dataset.imageSize === undefined ? { size: imageSize } : {}
  for await (const batch of dataset.batches({ batchSize: 256, ...size }))
    pictures.push(...batchPictures(batch))
  return pictures
}

function batchPictures({ images, height, width }: ImageBatch): Picture[] {
  return splitPictures(images, height, width)
}

function splitPictures(bytes: Uint8Array, height: number, width: number): Picture[] {
  const length = height * width * 3
  return Array.from({ length: bytes.length / length }, (_, i) => ({
    data: bytes.slice(i * length, (i + 1) * length),
    height,
    width,
  }))
}
