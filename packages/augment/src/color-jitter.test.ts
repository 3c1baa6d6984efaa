import { RandomKey } from '@simclr/core'
import { clipByValue } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { type GoldenOperation, goldenImage, goldenInput, goldenOperations } from './__fixtures__/golden.ts'
import { colorJitter } from './color-jitter.ts'
import type { DrawnColorJitter } from './draw/color-jitter.ts'

const nothing: DrawnColorJitter = { order: [0, 1, 2, 3], brightness: 1, contrast: 1, saturation: 1, hue: 0 }

const single: [string, (operation: GoldenOperation) => DrawnColorJitter][] = [
  ['brightness_v2', ({ factor }) => ({ ...nothing, brightness: factor })],
  ['contrast', ({ factor }) => ({ ...nothing, contrast: factor })],
  ['saturation', ({ factor }) => ({ ...nothing, saturation: factor })],
  ['hue', ({ delta }) => ({ ...nothing, hue: delta })],
]

describe('colorJitter against the official implementation', () => {
  it.each(single)('%s alone, clipped', (op, drawn) => {
    const operations = goldenOperations(op)
    expect(operations.length).toBeGreaterThan(2)
    for (const operation of operations) {
      const result = colorJitter().apply(goldenInput(operation), [drawn(operation)])
      expect(result).toBeAllClose(clipByValue(goldenImage(operation.key), 0, 1), { absolute: 2e-6 })
    }
  })

  it.each(goldenOperations('brightness_v1'))('additive $key, clipped', (operation) => {
    const jitter = colorJitter({ brightness: 'additive' })
    const result = jitter.apply(goldenInput(operation), [{ ...nothing, brightness: operation.delta }])
    expect(result).toBeAllClose(clipByValue(goldenImage(operation.key), 0, 1), { absolute: 2e-6 })
  })

  it.each(goldenOperations('color_jitter_composed'))('composed $key', (operation) => {
    const additive = operation.impl === 'simclrv1'
    const [brightness, contrast, saturation, hue] = operation.factors_b_c_s_h
    const result = colorJitter({ brightness: additive ? 'additive' : 'multiplicative' }).apply(
      goldenInput(operation),
      [
        {
          order: operation.perm,
          brightness: additive ? brightness - 1 : brightness,
          contrast,
          saturation,
          hue,
        },
      ],
    )
    expect(result).toBeAllClose(goldenImage(operation.key), { absolute: 5e-6 })
  })
})

describe('colorJitter draws', () => {
  const draw = (options: Parameters<typeof colorJitter>[0], count: number) => {
    const key = RandomKey.fromSeed(3)
    return colorJitter(options).sample((i) => key.fold(i), count, { height: 32, width: 32 })
  }

  it('80 % of images, and each of the 24 orders equally often', () => {
    const drawn = draw({}, 6000).filter((one) => one !== null)
    expect(Math.abs(drawn.length - 4800)).toBeLessThan(4 * Math.sqrt(6000 * 0.8 * 0.2))
    const counts = new Map<string, number>()
    for (const { order } of drawn) counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1)
    expect(counts.size).toBe(24)
    const expected = drawn.length / 24
    const chiSquare = Array.from(counts.values(), (n) => (n - expected) ** 2 / expected).reduce(
      (a, b) => a + b,
    )
    expect(chiSquare).toBeLessThan(49.7) // 99.9 % at 23 degrees of freedom
  })

  it('factors over the whole range of the strength', () => {
    const drawn = draw({ strength: 0.5, probability: 1 }, 2000).filter((one) => one !== null)
    for (const [part, low, high] of [
      ['brightness', 0.6, 1.4],
      ['contrast', 0.6, 1.4],
      ['saturation', 0.6, 1.4],
      ['hue', -0.1, 0.1],
    ] as const) {
      const values = drawn.map((one) => one[part])
      const [smallest, largest] = [Math.min(...values), Math.max(...values)]
      const mean = values.reduce((a, b) => a + b) / values.length
      expect(smallest, part).toBeGreaterThanOrEqual(low)
      expect(largest, part).toBeLessThan(high)
      expect(largest - smallest, part).toBeGreaterThan(0.99 * (high - low))
      expect(Math.abs(mean - (low + high) / 2), part).toBeLessThan((4 * (high - low)) / Math.sqrt(12 * 2000))
    }
  })

  it('additive brightness around 0', () => {
    const values = draw({ brightness: 'additive', probability: 1 }, 500).map((one) => one!.brightness)
    expect(Math.min(...values)).toBeLessThan(-0.75)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.8)
  })

  it('refuses impossible options', () => {
    expect(() => colorJitter({ strength: -1 })).toThrow(/strength/)
    expect(() => colorJitter({ probability: 2 })).toThrow(/probability/)
  })
})
