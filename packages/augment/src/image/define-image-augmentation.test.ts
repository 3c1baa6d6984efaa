import { SimclrError } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { drawEach } from '../draw/draw.ts'
import { defineImageAugmentation } from './define-image-augmentation.ts'

const invert = defineImageAugmentation(
  drawEach('invert', () => null),
  (image) => ({ ...image, data: image.data.map((value) => 1 - value) }),
)
const rgb = Uint8Array.of(0, 1, 254, 255, 128, 7)

describe('defineImageAugmentation', () => {
  it('converts bytes to floats and back without loss', () => {
    const every = Uint8Array.from({ length: 258 }, (_, i) => i % 256)
    const keep = defineImageAugmentation(
      drawEach('keep', () => null),
      (image) => image,
    )
    expect(keep.apply({ data: every, width: 43, height: 2 }, null).data).toEqual(every)
    expect(invert.apply({ data: rgb, width: 1, height: 2 }, null)).toEqual({
      data: rgb.map((byte) => 255 - byte),
      width: 1,
      height: 2,
    })
  })

  it('clips bytes and leaves floats as they are', () => {
    const scale = defineImageAugmentation(
      drawEach('scale', () => null),
      (image) => ({ ...image, data: image.data.map((value) => 3 * value - 1) }),
    )
    expect(scale.apply({ data: Uint8Array.of(0, 102, 255), width: 1, height: 1 }, null).data).toEqual(
      Uint8Array.of(0, 51, 255),
    )
    const floats = scale.apply({ data: Float32Array.of(0, 0.5, 1), width: 1, height: 1 }, null)
    expect(floats.data).toEqual(Float32Array.of(-1, 0.5, 2))
  })

  it.each([
    ['too few bytes', { data: rgb.slice(1), width: 1, height: 2 }, /2 pixels of RGB.*got 5 numbers/],
    ['grey bytes', { data: new Uint8ClampedArray(6), width: 3, height: 2 }, /Repeat the channel of grey/],
    ['floats with alpha', { data: new Float32Array(8), width: 1, height: 2 }, /floats without alpha/],
    ['no data', { data: new Uint8Array(0), width: 1, height: 1 }, /data of the image/],
    ['no width', { data: new Uint8Array(0), width: 0, height: 2 }, /invert: width of the image/],
    ['half a row', { data: rgb, width: 4, height: 0.5 }, /invert: height of the image/],
  ])('refuses %s', (_, image, message) => {
    expect(() => invert.apply(image, null)).toThrow(SimclrError)
    expect(() => invert.apply(image, null)).toThrow(message)
  })
})
