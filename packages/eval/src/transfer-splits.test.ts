import { type Dataset, memoryDataset } from '@simclr/data'
import { describe, expect, it } from 'vitest'
import { transferSplits } from './transfer-splits.ts'

const imageSize = { height: 8, width: 8 }

function dataset(train: readonly number[], test?: readonly number[]): Dataset {
  const split = (labels: readonly number[]) => ({
    images: new Uint8Array(labels.length * 8 * 8 * 3),
    labels: Int32Array.from(labels),
  })
  return memoryDataset({
    name: 'small',
    imageSize,
    classes: ['ant', 'bee', 'cow'],
    train: split(train),
    ...(test && { test: split(test) }),
  })
}

/** The numbers of all images in their whole split. */
async function indices(images: Dataset): Promise<number[]> {
  const found: number[] = []
  for await (const batch of images.batches({ batchSize: 4 })) found.push(...batch.indices)
  return found
}

describe('without validation images', () => {
  const labels = Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : i < 50 ? 1 : 2))
  const whole = dataset(labels, [0, 1, 2])

  it('a fifth of each class is held out, and every training image is on one side', async () => {
    const { train, validation, trainAndValidation, test, heldOut } = transferSplits(whole, 0)
    expect(heldOut).toBe(true)
    expect([0, 1, 2].map((c) => validation.labels!.filter((label) => label === c).length)).toEqual([6, 4, 2])
    const both = [...(await indices(train)), ...(await indices(validation))]
    expect(both.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i))
    expect([trainAndValidation.length, test.length]).toEqual([60, 3])
  })

  it('the seed decides which', async () => {
    const held = (seed: number) => indices(transferSplits(whole, seed).validation)
    expect(await held(1)).toEqual(await held(1))
    expect(await held(1)).not.toEqual(await held(2))
  })

  it('a class of one image is refused', () => {
    expect(() => transferSplits(dataset([0, 0, 1, 2, 2], [0]), 0)).toThrow(
      /transfer: small: must be a dataset with validation images, or of at least two .*, got one of class "bee"/,
    )
  })
})

it('refuses classes that only test images show', () => {
  expect(() => transferSplits(dataset([0, 0, 0, 1, 1], [2, 1, 2]), 0)).toThrow(
    'of classes that training images show, got 1 class in test only, the first "cow"',
  )
})

it('refuses a dataset without test images', () => {
  expect(() => transferSplits(dataset([0, 0, 1, 1]), 0)).toThrow('got "test"')
})
