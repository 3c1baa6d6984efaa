import { RandomKey } from '@simclr/core'
import { abs, max, min, slice, sub, type Tensor4D } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { goldenBatch } from './__fixtures__/golden.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { compositionStudy } from './composition-study.ts'
import { cutout } from './cutout.ts'
import type { StudiedOperation } from './draw/composition-study.ts'
import { multipleViews } from './multiple-views.ts'

const operations = ['crop', 'cutout', 'color', 'sobel', 'noise', 'blur', 'rotate'] as const
const key = RandomKey.fromSeed(21)
const random = (image: number, view: number) => key.fold(image).fold(view)
const images = goldenBatch(8)
const half = (views: Tensor4D, view: number): Tensor4D => slice(views, 8 * view, 8)

/** All single operations, and every ordered pair. */
const lists: StudiedOperation[][] = operations.flatMap((first) =>
  operations.map((second) => (first === second ? [first] : [first, second])),
)

describe.each(lists.map((list) => [list.join(' then '), list] as const))('%s', (_, list) => {
  const views = multipleViews(images, compositionStudy({ size: 24, operations: list }), random)

  it('changes one branch only, within [0, 1]', () => {
    const plain = multipleViews(images, compositionStudy({ size: 24, operations: ['cutout'] }), random)
    expect(views.shape).toEqual([16, 24, 24, 3])
    expect(half(views, 0)).toBeAllClose(half(plain, 0))
    expect(max(abs(sub(half(views, 1), half(views, 0)))).dataSync()[0]).toBeGreaterThan(0.01)
    expect(min(views).dataSync()[0]).toBeGreaterThanOrEqual(0)
    expect(max(views).dataSync()[0]).toBeLessThanOrEqual(1)
  })
})

describe('compositionStudy', () => {
  const size = { height: 24, width: 24 }

  it('applies the operations in the order given', () => {
    const views = multipleViews(
      images,
      compositionStudy({ size: 24, operations: ['color', 'cutout'] }),
      random,
    )
    let expected = half(views, 0)
    for (const operation of [colorJitter(), colorDrop(), cutout()]) {
      expected = operation.apply(expected, operation.sample((i) => random(i, 1), 8, size) as never)
    }
    expect(half(views, 1)).toBeAllClose(expected, { absolute: 1e-6 })
  })

  it('crops the second view once more, by another box', () => {
    const plan = compositionStudy({ size: 24, operations: ['crop'] })
    const shared = plan.shared!.sample((i) => random(i, 0).fold('shared'), 1, size)[0] as unknown[]
    const own = plan.branches[1]!.sample((i) => random(i, 1), 1, size)[0] as unknown[]
    expect(own[0]).toHaveProperty('box')
    expect(own[0]).not.toEqual(shared[0])
  })

  it('leaks no tensors', () => {
    const plan = compositionStudy({ size: 24, operations: ['noise', 'rotate'] })
    expect(() => multipleViews(images, plan, random).dispose()).toLeakNoTensors()
  })

  it('refuses other names and other numbers of operations', () => {
    const study = (...list: string[]) =>
      compositionStudy({ size: 24, operations: list as StudiedOperation[] })
    expect(() => study('colour')).toThrow(/must be of crop.*got "colour". Did you mean "color"/)
    expect(() => study()).toThrow(/one transformation or two/)
    expect(() => study('crop', 'crop')).toThrow(/two different/)
    expect(() => study('crop', 'color', 'blur')).toThrow(/got \[crop, color, blur\]/)
    expect(() => compositionStudy({ size: 0, operations: ['crop'] })).toThrow(/size/)
  })
})
