import { RandomKey } from '@simclr/core'
import { type Dataset, synthetic } from '@simclr/data'
import { memory } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { resolveConfig } from './config.ts'
import type { ViewKey } from './draw-views.ts'
import { type ViewPlace, viewMaker } from './view-maker.ts'

const key = RandomKey.fromSeed(4)
const keyOf: ViewKey = (image, view) => key.fold(image).fold(view)

/** The views of the first batch, and their shape. */
async function firstViews(dataset: Dataset, imageSize: number, place: ViewPlace) {
  const maker = await viewMaker(dataset, resolveConfig({ imageSize, strength: 0.5 }), place)
  for await (const batch of dataset.batches({ batchSize: 6, shuffle: key, ...maker.reading(keyOf) })) {
    const views = maker.views(batch, keyOf)
    const result = { shape: views.shape, values: views.dataSync() }
    views.dispose()
    maker.dispose()
    return result
  }
}

it.each([32, 24])('the processor and the engine make the same views of %d px', async (imageSize) => {
  const dataset = synthetic({ count: 20, testCount: 1, size: 32 })
  const before = memory().numTensors
  const expected = await firstViews(dataset, imageSize, 'engine')
  const actual = await firstViews(dataset, imageSize, 'processor')
  expect(actual?.shape).toEqual([12, imageSize, imageSize, 3])
  expect(actual?.values).toBeAllClose(expected!.values, { absolute: 1e-5 })
  expect(memory().numTensors).toBe(before)
})
