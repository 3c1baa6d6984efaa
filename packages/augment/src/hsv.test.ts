import { formulaValues } from '@simclr/tools/testing'
import { tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { fromPlanar, goldenImage, goldenInput, goldenOperations, toPlanar } from './__fixtures__/golden.ts'
import { adjustHue, adjustSaturation } from './hsv.ts'

describe('adjustSaturation', () => {
  it.each(goldenOperations('saturation'))('equals the official $key', (operation) => {
    const result = adjustSaturation(toPlanar(goldenInput(operation)), [operation.factor])
    expect(fromPlanar(result)).toBeAllClose(goldenImage(operation.key), { absolute: 1e-6 })
  })

  it('leaves black, grey and white as they are', () => {
    const greys = tensor4d([0, 0.5, 1, 0, 0.5, 1, 0, 0.5, 1], [1, 3, 1, 3])
    expect(adjustSaturation(greys, [1.8])).toBeAllClose(greys)
  })

  it('leaks no tensors', () => {
    const images = tensor4d(formulaValues(1, 24), [2, 3, 2, 2])
    expect(() => adjustSaturation(images, [0.5, 2]).dispose()).toLeakNoTensors()
  })
})

describe('adjustHue', () => {
  it.each(goldenOperations('hue'))('equals the official $key', (operation) => {
    const result = adjustHue(toPlanar(goldenInput(operation)), [operation.delta])
    expect(fromPlanar(result)).toBeAllClose(goldenImage(operation.key), { absolute: 1e-6 })
  })

  it.each([-1.75, -0.5, 0.25, 0.5, 1 / 3, 3.1])('a turn of %d equals the way through HSV', (turn) => {
    const values = formulaValues(5, 3 * 100, 0.3, 0.6) // also outside [0, 1]
    const expected = new Float32Array(300)
    for (let i = 0; i < 100; i++) {
      const turned = turnHue([values[i]!, values[100 + i]!, values[200 + i]!], turn)
      for (let channel = 0; channel < 3; channel++) expected[100 * channel + i] = turned[channel]!
    }
    expect(adjustHue(tensor4d(values, [1, 3, 10, 10]), [turn])).toBeAllClose(expected, { absolute: 2e-6 })
  })

  it('treats the corners of the hue circle alike: a third of a turn moves red to green to blue', () => {
    const corners = [1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 1, /**/ 1, 1, 0, /**/ 0, 1, 1, /**/ 1, 0, 1]
    const turned = [0, 1, 0, /**/ 0, 0, 1, /**/ 1, 0, 0, /**/ 0, 1, 1, /**/ 1, 0, 1, /**/ 1, 1, 0]
    const result = adjustHue(tensor4d(corners, [6, 3, 1, 1]), new Array(6).fill(1 / 3))
    expect(result).toBeAllClose(turned, { absolute: 1e-6 })
  })

  it('leaks no tensors', () => {
    const images = tensor4d(formulaValues(1, 24), [2, 3, 2, 2])
    expect(() => adjustHue(images, [0.1, -0.1]).dispose()).toLeakNoTensors()
  })
})

/** The textbook conversion to hue and back, with its branches. */
function turnHue([red, green, blue]: [number, number, number], turn: number): number[] {
  const high = Math.max(red, green, blue)
  const chroma = high - Math.min(red, green, blue)
  const hue =
    high === red
      ? (green - blue) / chroma
      : high === green
        ? (blue - red) / chroma + 2
        : (red - green) / chroma + 4
  return [5, 3, 1].map((n) => {
    const sixths = n + hue + 6 * turn
    const k = sixths - 6 * Math.floor(sixths / 6)
    return high - chroma * Math.max(0, Math.min(k, 4 - k, 1))
  })
}
