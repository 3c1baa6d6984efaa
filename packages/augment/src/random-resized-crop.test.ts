import { concat, mean, reshape, reverse, split } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { fromPlanar, goldenImage, goldenInput, goldenOperations, toPlanar } from './__fixtures__/golden.ts'
import { cropAndResize } from './crop-and-resize.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

describe('cropAndResize', () => {
  it.each(goldenOperations('crop_resize'))('equals the official $key', (operation) => {
    const [top, left, height, width] = operation.box_yxhw
    const [newHeight, newWidth] = operation.out
    const size = { height: newHeight, width: newWidth }
    const result = cropAndResize(toPlanar(goldenInput(operation)), [{ top, left, height, width }], size)
    expect(fromPlanar(result)).toBeAllClose(goldenImage(operation.key), { absolute: 5e-6 })
  })
})

describe('randomResizedCrop', () => {
  const whole = { top: 0, left: 0, height: 32, width: 32 }
  const images = goldenImage('img0.f32')
  const batch = concat([images, images])

  it('gives each image its own box and flip', () => {
    const box = { top: 5, left: 3, height: 17, width: 11 }
    const result = randomResizedCrop({ size: 32 }).apply(batch, [
      { box, flipped: false },
      { box: whole, flipped: true },
    ])
    const [first, second] = split(result, 2)
    expect(first!).toBeAllClose(goldenImage('img0.crop_resize.box1.32x32'), { absolute: 1e-6 })
    expect(second!).toBeAllClose(goldenImage('img0.flip'))
  })

  it.each(['bicubic', 'bilinear'] as const)(
    '%s with antialias halves by symmetric weights',
    (interpolation) => {
      const crop = randomResizedCrop({ size: 16, interpolation, antialias: true })
      const result = crop.apply(images, [{ box: whole, flipped: false }])
      const flipped = crop.apply(reverse(images, 2), [{ box: whole, flipped: true }])
      expect(result).toBeAllClose(flipped, { absolute: 1e-6 })
      expect(mean(result)).toBeAllClose(mean(images), { absolute: 5e-3 })
    },
  )

  it('bilinear without antialias averages the middle pixels of each pair', () => {
    const crop = randomResizedCrop({ size: 16, interpolation: 'bilinear' })
    const result = crop.apply(images, [{ box: whole, flipped: false }])
    const rows = mean(reshape(images, [16, 2, 32 * 3]), 1)
    const average = mean(reshape(rows, [16, 16, 2, 3]), 2)
    expect(result).toBeAllClose(average, { absolute: 1e-6 })
  })

  it('refuses impossible options and foreign parameters', () => {
    expect(() => randomResizedCrop({ size: 0 })).toThrow(/size/)
    expect(() => randomResizedCrop({ size: 8, area: [0.5, 0.1] })).toThrow(/smallest area/)
    expect(() => randomResizedCrop({ size: 8, area: [0.5, 1.1] })).toThrow(/largest area/)
    expect(() => randomResizedCrop({ size: 8, aspect: [0, 1] })).toThrow(/smallest aspect/)
    expect(() => randomResizedCrop({ size: 8, flip: 3 })).toThrow(/flip/)
    const one = [{ box: whole, flipped: false }]
    expect(() => randomResizedCrop({ size: 8 }).apply(batch, one)).toThrow(/drawn for 2 images/)
    const outside = [{ box: { ...whole, top: 1 }, flipped: false }]
    expect(() => randomResizedCrop({ size: 8 }).apply(images, outside)).toThrow(/inside an image of 32 × 32/)
  })
})
