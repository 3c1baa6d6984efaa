import { RandomKey } from '@simclr/core'
import { expect, it } from 'vitest'
import { goldenBatch } from '../__fixtures__/golden.ts'
import { floatImage } from '../__fixtures__/plain-images.ts'
import * as batched from '../index.ts'
import { simclrAugmentation } from './simclr-augmentation.ts'
import { twoViews } from './two-views.ts'

const key = RandomKey.fromSeed(4)

it('twoViews gives the views of the batched entry', () => {
  const options = { size: 24, blur: true }
  const images = goldenBatch(3)
  const views = batched.twoViews(images, batched.simclrAugmentation(options), (image, view) =>
    key.fold(image).fold(view),
  )
  for (const i of [0, 1, 2]) {
    const pair = twoViews(floatImage(images, i), simclrAugmentation(options), (view) =>
      key.fold(i).fold(view),
    )
    for (const view of [0, 1]) {
      expect(pair[view]!.data).toBeAllClose(floatImage(views, 3 * view + i).data, { absolute: 1e-5 })
    }
  }
})
