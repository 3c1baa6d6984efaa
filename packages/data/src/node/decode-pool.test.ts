import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Piscina } from 'piscina'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import type { ImageBatch } from '../dataset.ts'
import { sourceDataset } from '../source-dataset.ts'
import { DecodePool, PREFETCHED_BATCHES } from './decode-pool.ts'
import type { DecodeThread } from './decode-thread.ts'
import { DecodedSource } from './decoded-source.ts'
import { imageFolder } from './image-folder.ts'

const COUNT = 96
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'simclr-pool-'))
  for (let level = 0; level < COUNT; level++) {
    const create = {
      width: 300,
      height: 200,
      channels: 3,
      background: { r: level, g: level, b: level },
    } as const
    await sharp({ create }).png().toFile(pathOf(level))
  }
})
afterEach(() => rm(root, { recursive: true }))

/** The file that is all of one grey level, which is also its number. */
function pathOf(level: number): string {
  return join(root, `${String(level).padStart(3, '0')}.png`)
}

function levels({ images, count }: ImageBatch): number[] {
  return Array.from({ length: count }, (_, i) => images[(i * images.length) / count]!)
}

/** The folder's images by way of a pool, and what was reported about them. */
function open(pool: DecodePool) {
  const reports: [path: string, reason: string][] = []
  const files = Array.from({ length: COUNT }, (_, level) => ({ path: pathOf(level) }))
  const onFailure = (path: string, reason: string) => reports.push([path, reason])
  const train = new DecodedSource({ name: 'levels', files, pool, onFailure })
  const dataset = sourceDataset({ name: 'levels', classes: [], splits: { train }, close: () => pool.close() })
  return { dataset, reports }
}

/** The threads of a pool that are running. */
function running(pool: DecodePool): Piscina['threads'] {
  const threads: readonly DecodeThread[] = Reflect.get(pool, 'threads')
  return threads.flatMap((thread) => (Reflect.get(thread, 'pool') as Piscina | undefined)?.threads ?? [])
}

it('replaces threads that are killed, and neither loses nor repeats an image', async () => {
  const pool = new DecodePool({ threads: 2 })
  const { dataset, reports } = open(pool)
  const seen: number[] = []
  for await (const batch of dataset.batches({ batchSize: 8, size: 224 })) {
    seen.push(...levels(batch))
    for (const thread of running(pool)) await thread.terminate()
  }
  expect(Reflect.get(Reflect.get(pool, 'rescuer'), 'pool')).toBeDefined() // some ended amid their work
  expect(seen).toEqual(Array.from({ length: COUNT }, (_, level) => level))
  expect(reports).toEqual([])
  await dataset.close()
})

it('reports an image that ends every thread, and decodes the others of its batch', async () => {
  const worker = fileURLToPath(new URL('../__fixtures__/exiting-decode-worker.mjs', import.meta.url))
  const { dataset, reports } = open(new DecodePool({ threads: 2, worker }))
  const batches = await collect(dataset.batches({ batchSize: 32, size: 8 }))
  expect(batches.flatMap(levels)).toEqual(
    Array.from({ length: COUNT }, (_, level) => level).filter((level) => level !== 13 && level !== 40),
  )
  expect(reports.map(([path]) => path)).toEqual([pathOf(13), pathOf(40)])
  expect(reports[0]![1]).toMatch(/^an image that twice ended the thread that decoded it .*exited/)
  await dataset.close()
})

it('says so where no thread can start', async () => {
  const { dataset, reports } = open(new DecodePool({ threads: 1, worker: join(root, 'none.mjs') }))
  const batches = collect(dataset.subset([0, 1, 2]).batches({ batchSize: 3, size: 8 }))
  await expect(batches).rejects.toThrow('got 3 that cannot')
  expect(reports.map(([, reason]) => reason)).toEqual(Array(3).fill(expect.stringContaining('none.mjs')))
  await dataset.close()
})

it('rejects work under way when it is closed', async () => {
  const { dataset, reports } = open(new DecodePool({ threads: 1 }))
  const batches = dataset.batches({ batchSize: COUNT, size: 224 })[Symbol.asyncIterator]()
  const next = batches.next()
  next.catch(() => {})
  await setTimeout(20)
  await dataset.close()
  await expect(next).rejects.toThrow('the dataset was closed while it was read')
  expect(reports).toEqual([])
})

it('decodes no more than the prefetched batches ahead of a slow consumer', async () => {
  let drawn = 0
  const dataset = await imageFolder(root, { threads: 2 })
  const crop = (_index: number, _view: number, size: { height: number; width: number }) => {
    drawn++
    return { top: 0, left: 0, ...size }
  }
  let consumed = 0
  for await (const _batch of dataset.batches({ batchSize: 8, size: 8, crop })) {
    await setTimeout(60)
    consumed++
    expect(drawn).toBe(Math.min(COUNT, 8 * (consumed + PREFETCHED_BATCHES)))
  }
  expect(consumed).toBe(COUNT / 8)
  await dataset.close()
})
