import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { floatImage } from './__fixtures__/plain-images.ts'
import type { SobelOutput } from './draw/sobel.ts'
import { sobel as sobelOfImage } from './image/sobel.ts'
import { sobel } from './sobel.ts'

const outputs: [string, SobelOutput][] = [
  ['sobel_dx', 'horizontal'],
  ['sobel_dy', 'vertical'],
  ['sobel_magnitude', 'magnitude'],
  ['sobel_magnitude_div4_clip', 'image'],
]

describe('sobel', () => {
  it.each(outputs)('equals the golden %s, batched and single', (op, output) => {
    const operations = goldenOperations(op)
    expect(operations.length).toBeGreaterThan(0)
    for (const operation of operations) {
      const [images, expected] = [goldenInput(operation), goldenImage(operation.key)]
      expect(sobel().apply(images, [output])).toBeAllClose(expected, { absolute: 2e-6 })
      const single = sobelOfImage().apply(floatImage(images, 0), output)
      expect(single.data).toBeAllClose(expected, { absolute: 2e-6 })
    }
  })

  it('draws its output for its share of images', () => {
    const key = RandomKey.fromSeed(3)
    const size = { height: 9, width: 9 }
    const drawn = sobel({ output: 'vertical', probability: 0.3 }).sample((i) => key.fold(i), 2000, size)
    const filtered = drawn.filter((one) => one === 'vertical').length
    expect(drawn.filter((one) => one === null)).toHaveLength(2000 - filtered)
    expect(Math.abs(filtered - 600)).toBeLessThan(4 * Math.sqrt(2000 * 0.3 * 0.7))
  })

  it('refuses impossible options and images', () => {
    expect(() => sobel({ probability: 2 })).toThrow(/probability/)
    const line = { height: 1, width: 9 }
    expect(() => sobel().sample(() => RandomKey.fromSeed(1), 1, line)).toThrow(/shorter side/)
  })
})
