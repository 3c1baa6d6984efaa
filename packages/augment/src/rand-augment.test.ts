import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import type { RandAugmentOptions } from './draw/rand-augment.ts'
import type { Step } from './draw/step.ts'
import { randAugment } from './rand-augment.ts'

const size = { height: 100, width: 200 }
const key = RandomKey.fromSeed(8)

function draw(options: RandAugmentOptions, count: number): readonly (readonly Step[])[] {
  return randAugment(options).sample((i) => key.fold(i), count, size)
}

describe('randAugment', () => {
  it('draws 13 operations equally often, and as often none', () => {
    const steps = draw({ operations: 3 }, 5000).flat()
    const counts = new Map<string, number>([['identity', 15_000 - steps.length]])
    for (const { operation } of steps) counts.set(operation, (counts.get(operation) ?? 0) + 1)
    expect(counts.size).toBe(14)
    const mean = 15_000 / 14
    const chiSquare = Array.from(counts.values(), (n) => (n - mean) ** 2 / mean).reduce((a, b) => a + b)
    expect(chiSquare).toBeLessThan(34.5) // 99.9 % at 13 degrees of freedom
  })

  it('draws two operations by default', () => {
    expect(Math.max(...draw({}, 200).map((steps) => steps.length))).toBe(2)
    expect(draw({ operations: 0 }, 3)).toEqual([[], [], []])
  })

  /** The bins of torchvision.transforms.RandAugment(magnitude=…) for 100 × 200 pixels, signs left out. */
  const torchvision: [number, Record<string, number>][] = [
    [9, { shearX: 0.09, translateX: 27, translateY: 13, rotate: 9, posterize: 7, solarize: 178.5 }],
    [30, { shearY: 0.3, translateX: 90, translateY: 45, rotate: 30, posterize: 4, solarize: 0 }],
    [0, { shearY: 0, translateX: 0, rotate: 0, posterize: 8, solarize: 255 }],
  ]
  it.each(torchvision)('has the strengths of torchvision at magnitude %i', (magnitude, expected) => {
    const steps = draw({ magnitude }, 2000).flat()
    for (const [operation, value] of Object.entries(expected)) {
      const found = new Set(
        steps.filter((step) => step.operation === operation).map((step) => Math.abs(step.value)),
      )
      expect([...found], operation).toBeAllClose([value], { absolute: 1e-9 })
    }
    const factors = new Set(steps.filter((step) => step.operation === 'color').map(({ value }) => value))
    const spread = 0.03 * magnitude
    expect([...factors].sort()).toBeAllClose(magnitude === 0 ? [1] : [1 - spread, 1 + spread], {
      absolute: 1e-9,
    })
  })

  it('refuses impossible options', () => {
    expect(() => randAugment({ operations: 1.5 })).toThrow(/operations/)
    expect(() => randAugment({ magnitude: 31 })).toThrow(/magnitude: must be a number between 0 and 30/)
  })
})
