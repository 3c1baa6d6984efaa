import { RandomKey } from '@simclr/core'
import { expect, it } from 'vitest'
import { goldenBatch } from '../__fixtures__/golden.ts'
import { floatImage } from '../__fixtures__/plain-images.ts'
import { compositionStudy as batchedStudy, multipleViews, studiedOperations } from '../index.ts'
import { compositionStudy } from './index.ts'

const images = goldenBatch(4)
const key = RandomKey.fromSeed(21)
const random = (image: number, view: number) => key.fold(image).fold(view)

const options = studiedOperations.map((first, i) => {
  const second = studiedOperations[(i + 1) % studiedOperations.length]!
  return { size: 24, operations: [first, second], area: [0.3, 0.9], strength: 0.5 } as const
})

it.each(options)('makes the views of the batched entry: $operations', (study) => {
  const expected = multipleViews(images, batchedStudy(study), random)
  const { shared, branches } = compositionStudy(study)
  for (let i = 0; i < 4; i++) {
    const image = floatImage(images, i)
    const [common] = shared.sample(() => random(i, 0).fold('shared'), 1, image)
    const cropped = shared.apply(image, common)
    for (const [view, branch] of branches.entries()) {
      const [drawn] = branch.sample(() => random(i, view), 1, cropped)
      const wanted = floatImage(expected, 4 * view + i)
      expect(branch.apply(cropped, drawn).data).toBeAllClose(wanted.data, { absolute: 1e-5 })
    }
  }
})

it('only flips what a decoder has cut', () => {
  const { shared } = compositionStudy({ size: 24, operations: ['blur'], crop: false })
  expect(shared.outputSize({ height: 7, width: 9 })).toEqual({ height: 7, width: 9 })
})
