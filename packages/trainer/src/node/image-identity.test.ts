import { memoryDataset } from '@simclr/data'
import { expect, it } from 'vitest'
import { type ImageIdentity, imageIdentity } from './image-identity.ts'

const identify = (classes: readonly string[], labels?: readonly number[]): ImageIdentity =>
  imageIdentity(
    memoryDataset({
      name: 'test',
      imageSize: { height: 1, width: 1 },
      classes,
      train: { images: new Uint8Array(9), ...(labels && { labels: Int32Array.from(labels) }) },
    }),
  )

it('depends on the names of the classes and on the order of the labels', () => {
  const original = identify(['a', 'b'], [0, 1, 1])
  expect(original.count).toBe(3)
  expect(identify(['a', 'b'], [0, 1, 1])).toEqual(original)
  const others = [identify(['a', 'c'], [0, 1, 1]), identify(['a', 'b'], [1, 0, 1]), identify([])]
  expect(new Set([original, ...others].map(({ sha256 }) => sha256)).size).toBe(4)
})
