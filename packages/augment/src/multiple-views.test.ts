import { RandomKey } from '@simclr/core'
import { gather, slice, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { fromPlanar, goldenBatch, toPlanar } from './__fixtures__/golden.ts'
import { colorJitter } from './color-jitter.ts'
import { compose } from './compose.ts'
import { cropAndResize } from './crop-and-resize.ts'
import { sampleCropPair } from './draw/crop-pair.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { multipleViews, type ViewPlan } from './multiple-views.ts'
import { randomFlip } from './random-flip.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

const count = 5
const size = { height: 32, width: 32 }
const key = RandomKey.fromSeed(14)
const random = (image: number, view: number) => key.fold(image).fold(view)
const images = goldenBatch(count)
const rowsOf = (views: Tensor4D, view: number, of = count): Tensor4D => slice(views, of * view, of)

const crop = randomResizedCrop({ size: 24, flip: 0.5 })
const colours = compose([crop, colorJitter({ probability: 1 })])
const identity = compose([])
const square = { height: 24, width: 24 }

const plans: [string, ViewPlan][] = [
  ['one view', { branches: [crop] }],
  ['two views of one pipeline', { branches: [crop, crop] }],
  ['four views of three pipelines', { branches: [crop, colours, crop, compose([crop, gaussianBlur()])] }],
  ['a shared crop', { shared: crop, branches: [identity, colorJitter(), randomFlip()] }],
  [
    'a global and a local view',
    { pair: { kind: 'global-to-local', size: 24 }, branches: [identity, identity] },
  ],
  [
    'adjacent views of different pipelines of a shared crop',
    { shared: crop, pair: { kind: 'adjacent', size: 24 }, branches: [colorJitter(), randomFlip()] },
  ],
]

describe.each(plans)('multipleViews: %s', (_, plan) => {
  const views = multipleViews(images, plan, random)

  it('gives view-major rows', () => {
    expect(views.shape).toEqual([plan.branches.length * count, 24, 24, 3])
  })

  it('gives an image the same views in any batch', () => {
    const rows = [3, 0, 4]
    const some = multipleViews(gather(images, rows), plan, (i, view) => random(rows[i]!, view))
    for (const view of plan.branches.keys()) {
      const expected = gather(rowsOf(views, view), rows)
      expect(rowsOf(some, view, 3)).toBeAllClose(expected, { absolute: 1e-6 })
    }
  })

  it('leaks no tensors and keeps its argument', () => {
    expect(() => multipleViews(images, plan, random).dispose()).toLeakNoTensors()
    expect(images.isDisposed).toBe(false)
  })
})

describe('multipleViews', () => {
  it('applies the pipeline of each view to the draws of that view', () => {
    const branches = [crop, colours, colours, crop]
    const views = multipleViews(images, { branches }, random)
    for (const [view, branch] of branches.entries()) {
      const drawn = branch.sample((i) => random(i, view), count, size) as never
      expect(rowsOf(views, view)).toBeAllClose(branch.apply(images, drawn), { absolute: 1e-6 })
    }
  })

  it('gives all branches the same shared crop, drawn apart from theirs', () => {
    const views = multipleViews(images, { shared: crop, branches: [identity, identity, crop] }, random)
    const drawn = crop.sample((i) => random(i, 0).fold('shared'), count, size)
    const expected = crop.apply(images, drawn)
    expect(rowsOf(views, 0)).toBeAllClose(expected, { absolute: 1e-6 })
    expect(rowsOf(views, 1)).toBeAllClose(rowsOf(views, 0))
    const again = crop.apply(
      expected,
      crop.sample((i) => random(i, 2), count, square),
    )
    expect(rowsOf(views, 2)).toBeAllClose(again, { absolute: 1e-6 })
  })

  it.each(['global-to-local', 'adjacent'] as const)('cuts the boxes of a %s pair', (kind) => {
    const views = multipleViews(images, { pair: { kind, size: 24 }, branches: [identity, identity] }, random)
    const pairs = Array.from({ length: count }, (_, i) =>
      sampleCropPair(random(i, 0).fold('pair'), size, { kind }),
    )
    for (const view of [0, 1] as const) {
      const boxes = pairs.map((boxes) => boxes[view])
      const expected = fromPlanar(cropAndResize(toPlanar(images), boxes, square))
      expect(rowsOf(views, view)).toBeAllClose(expected, { absolute: 1e-6 })
    }
  })

  it('draws pairs for the size that a shared augmentation leaves', () => {
    const plan: ViewPlan = {
      shared: randomResizedCrop({ size: 7 }),
      pair: { kind: 'adjacent', size: 4 },
      branches: [identity, identity],
    }
    expect(multipleViews(images, plan, random).shape).toEqual([2 * count, 4, 4, 3])
  })

  it('refuses plans that make no sense', () => {
    const views = (plan: ViewPlan) => () => multipleViews(images, plan, random)
    expect(views({ branches: [] })).toThrow(/branches: must be at least one, got 0/)
    expect(views({ branches: [crop, randomResizedCrop({ size: 8 })] })).toThrow(
      /one size, got 24 × 24 and 8 × 8/,
    )
    const pair = { kind: 'adjacent', size: 8 } as const
    expect(views({ pair, branches: [identity] })).toThrow(/two, one for each view of a pair, got 1/)
    expect(views({ pair, branches: [identity, identity, identity] })).toThrow(/got 3/)
    const grey = tensor4d([0, 0], [1, 1, 2, 1])
    expect(() => multipleViews(grey, { branches: [identity] }, random)).toThrow(/RGB/)
  })
})
