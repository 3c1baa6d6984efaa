import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Draw } from '../__fixtures__/draw.ts'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { liveHandles, registerLibtorch } from '../register-libtorch.ts'

type Pixel = readonly [number, number, number]

/** Hue, saturation and value of a pixel, each in [0, 1]: the textbook's formula. */
function hsv([r, g, b]: Pixel): Pixel {
  const high = Math.max(r, g, b)
  const chroma = high - Math.min(r, g, b)
  if (chroma === 0) return [0, 0, high]
  const sixths = high === r ? (g - b) / chroma : high === g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma
  return [sixths / 6, chroma / high, high]
}

function rgb([hue, saturation, value]: Pixel): Pixel {
  const channel = (offset: number): number => {
    const k = (((offset + hue * 6) % 6) + 6) % 6
    return value - value * saturation * Math.max(0, Math.min(k, 4 - k, 1))
  }
  return [channel(5), channel(3), channel(1)]
}

const COUNT = 3
const SIDE = 5
const PLANE = SIDE * SIDE
const factors = [0.3, 1, 1.7]
const turns = [-0.2, 0.61, 3.05]

const expectations: Record<string, (pixel: Pixel, image: number, means: Pixel) => Pixel> = {
  AdjustContrast: (pixel, image, means) =>
    pixel.map((x, c) => (x - means[c]!) * factors[image]! + means[c]!) as unknown as Pixel,
  AdjustSaturation: (pixel, image) => {
    const [hue, saturation, value] = hsv(pixel)
    return rgb([hue, Math.min(1, saturation * factors[image]!), value])
  },
  AdjustHue: (pixel, image) => {
    const [hue, saturation, value] = hsv(pixel)
    return rgb([hue + turns[image]!, saturation, value])
  },
}

const library = testingLibrary()
describe.skipIf(library === undefined)('colour kernels (skipped without libtorch)', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  const run = (name: string, images: tf.Tensor, attributes: Record<string, number[]>): tf.Tensor =>
    tf.engine().runKernel(name, { images }, attributes)

  it.each(Object.keys(expectations))('%s follows the formula', (name) => {
    const draw = new Draw(7)
    const values = Float32Array.from({ length: COUNT * 3 * PLANE }, () => draw.unit())
    for (const channel of [0, 1, 2]) {
      values[channel * PLANE] = 0.4 // grey
      values[channel * PLANE + 1] = 0 // black
    }
    const at = (image: number, channel: number, place: number): number =>
      values[(image * 3 + channel) * PLANE + place]!
    const expected = new Float32Array(values.length)
    for (let image = 0; image < COUNT; image++) {
      const means = [0, 1, 2].map(
        (c) => Array.from({ length: PLANE }, (_, p) => at(image, c, p)).reduce((a, b) => a + b) / PLANE,
      ) as unknown as Pixel
      for (let place = 0; place < PLANE; place++) {
        const pixel: Pixel = [at(image, 0, place), at(image, 1, place), at(image, 2, place)]
        expectations[name]!(pixel, image, means).forEach((x, channel) => {
          expected[(image * 3 + channel) * PLANE + place] = x
        })
      }
    }
    const before = liveHandles()
    tf.tidy(() => {
      const planar = tf.tensor4d(values, [COUNT, 3, SIDE, SIDE])
      const interleaved = tf.transpose(tf.transpose(planar, [0, 2, 3, 1]).clone(), [0, 3, 1, 2])
      for (const images of [planar, interleaved]) {
        expect(run(name, images, { factors, turns })).toBeAllClose(expected, { absolute: 2e-6 })
      }
    })
    expect(liveHandles()).toBe(before)
  })

  it('refuses other shapes, types and numbers of parameters', () => {
    const images = tf.zeros([2, 3, 4, 4])
    expect(() => run('AdjustHue', tf.zeros([2, 4, 4, 3]), { turns: [0, 0] })).toThrow(/\[n, 3, h, w\]/)
    expect(() => run('AdjustHue', tf.zeros([2, 3, 4, 4], 'int32'), { turns: [0, 0] })).toThrow(/int32/)
    expect(() => run('AdjustSaturation', images, { factors: [1] })).toThrow(/2 numbers .* got 1/)
  })
})
