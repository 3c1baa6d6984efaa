import { clip, compose, randomResizedCrop } from '@simclr/augment'
import { randomResizedCrop as plainCrop } from '@simclr/augment/image'
import { RandomKey } from '@simclr/core'
import { type BatchOptions, type Dataset, type ImageBatch, synthetic } from '@simclr/data'
import { memory, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { type PartialConfig, resolveConfig } from './config.ts'
import type { ViewKey } from './draw-views.ts'
import { type ViewPlace, viewMaker } from './view-maker.ts'

const key = RandomKey.fromSeed(4)
const keyOf: ViewKey = (image, view) => key.fold(image).fold(view)
const batchSize = 6

/** The views of the first batch, and their shape. */
async function firstViews(dataset: Dataset, settings: PartialConfig, place: ViewPlace) {
  const maker = await viewMaker(dataset, resolveConfig({ strength: 0.5, ...settings }), place)
  for await (const batch of dataset.batches({ batchSize, shuffle: key, ...maker.reading(keyOf) })) {
    const views = maker.views(batch, keyOf)
    const result = { shape: views.shape, values: views.dataSync(), indices: batch.indices }
    views.dispose()
    maker.dispose()
    return result
  }
  throw new Error('no batch')
}

/** Stands for a folder of files: the same images, whose decoder cuts boxes and has no whole images to give. */
function decoded(dataset: Dataset): Dataset {
  async function* batches({ size = 0, views = 1, crop, ...rest }: BatchOptions): AsyncGenerator<ImageBatch> {
    const { apply } = plainCrop({ size })
    for await (const batch of dataset.batches({ batchSize: rest.batchSize, shuffle: rest.shuffle! })) {
      const { count, height, width, indices } = batch
      const cut = Array.from({ length: views * count }, (_, row) => {
        const [image, view] = [row % count, Math.floor(row / count)]
        const data = batch.images.subarray(3 * height * width * image, 3 * height * width * (image + 1))
        const box = crop!(indices[image]!, view, { height, width })
        return Array.from(apply({ data, height, width }, { box, flipped: false }).data)
      })
      yield { ...batch, images: Uint8Array.from(cut.flat()), views, height: size, width: size }
    }
  }
  return Object.assign(Object.create(dataset), { imageSize: undefined, batches })
}

const dataset = synthetic({ count: 20, testCount: 1, size: 32 })

describe.each([
  'simclr',
  'simclr+rotate',
  'simclr+noise',
  'simclr+sobel',
  'auto-augment',
  'crop',
  'color+blur',
  'cutout+color',
  'noise+rotate',
  'sobel+crop',
])('%s', (augmentation) => {
  it.each([32, 24])('the processor and the engine make the same views of %d px', async (imageSize) => {
    const before = memory().numTensors
    const expected = await firstViews(dataset, { imageSize, augmentation }, 'engine')
    const actual = await firstViews(dataset, { imageSize, augmentation }, 'processor')
    expect(actual.shape).toEqual([12, imageSize, imageSize, 3])
    expect(actual.values).toBeAllClose(expected.values, { absolute: 1e-5 })
    expect(memory().numTensors).toBe(before)
  })

  it('makes the same views where the decoder cuts the boxes', async () => {
    const engine = await firstViews(decoded(dataset), { imageSize: 24, augmentation }, 'engine')
    const processor = await firstViews(decoded(dataset), { imageSize: 24, augmentation }, 'processor')
    expect(processor.shape).toEqual([12, 24, 24, 3])
    expect(processor.values).toBeAllClose(engine.values, { absolute: 1e-5 })
  })
})

describe('a composition of figure 5', () => {
  const half = 6 * 24 * 24 * 3
  const settings = { imageSize: 24, minimumArea: 0.3 }

  it('has the plain crop as first view, whatever becomes of the second', async () => {
    const crop = compose([randomResizedCrop({ size: 24, area: [0.3, 1], flip: 0.5 }), clip()])
    for await (const { images, count, height, width, indices } of dataset.batches({
      batchSize,
      shuffle: key,
    })) {
      const expected = tidy(() => {
        const whole: Tensor4D = tensor(
          Float32Array.from(images, (byte) => byte / 255),
          [count, height, width, 3],
        )
        const random = (i: number) => keyOf(indices[i]!, 0).fold('shared')
        return crop.apply(whole, crop.sample(random, count, { height, width })).dataSync()
      })
      for (const augmentation of ['rotate', 'color+noise']) {
        const { values } = await firstViews(dataset, { ...settings, augmentation }, 'processor')
        expect(values.slice(0, half)).toBeAllClose(expected, { absolute: 1e-5 })
        expect(values.slice(half)).not.toEqual(values.slice(0, half))
      }
      break
    }
  })

  it('has the same views from cut boxes as from whole images, but for the rounding to bytes', async () => {
    const whole = await firstViews(dataset, { ...settings, augmentation: 'cutout+rotate' }, 'processor')
    const cut = await firstViews(
      decoded(dataset),
      { ...settings, augmentation: 'cutout+rotate' },
      'processor',
    )
    expect(cut.values).toBeAllClose(whole.values, { absolute: 0.5 / 255 + 1e-5 })
  })
})
