import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { autoAugment } from './auto-augment.ts'
import { IMAGENET_POLICY } from './draw/auto-augment-policy.ts'
import type { Step, StepOperation } from './draw/step.ts'

const count = 20_000
const size = { height: 331, width: 662 }
const key = RandomKey.fromSeed(6)
const drawn = autoAugment().sample((i) => key.fold(i), count, size)

/** The probability that an image gets what `expected` says of a sub-policy. */
function share(expected: (policy: (typeof IMAGENET_POLICY)[number]) => number): number {
  return IMAGENET_POLICY.reduce((sum, policy) => sum + expected(policy), 0) / IMAGENET_POLICY.length
}

function expectShare(found: number, expected: number) {
  expect(Math.abs(found - count * expected)).toBeLessThan(
    4 * Math.sqrt(count * expected * (1 - expected)) + 1,
  )
}

function valuesOf(operation: StepOperation): number[] {
  const all = drawn.flat().filter((step) => step.operation === operation)
  return Array.from(new Set(all.map(({ value }) => value))).sort((a, b) => a - b)
}

describe('autoAugment', () => {
  it('has 25 sub-policies of probabilities and levels in range', () => {
    expect(IMAGENET_POLICY).toHaveLength(25)
    for (const [, p1, level1, , p2, level2] of IMAGENET_POLICY) {
      for (const p of [p1, p2]) expect(p >= 0 && p <= 1).toBe(true)
      for (const level of [level1, level2]) expect(level >= 0 && level <= 10).toBe(true)
    }
  })

  it('draws no, one and two operations as often as the policy says', () => {
    const withSteps = (n: number) => drawn.filter((steps) => steps.length === n).length
    expectShare(
      withSteps(0),
      share(([, p1, , , p2]) => (1 - p1) * (1 - p2)),
    )
    expectShare(
      withSteps(2),
      share(([, p1, , , p2]) => p1 * p2),
    )
  })

  it.each(['equalize', 'rotate', 'color', 'solarize', 'shearY', 'posterize', 'autocontrast'] as const)(
    'draws %s as often as the policy says',
    (operation) => {
      const [first, second] = [0, 1].map(
        (place) => drawn.filter((steps: readonly Step[]) => steps[place]?.operation === operation).length,
      ) as [number, number]
      const expected = IMAGENET_POLICY.reduce(
        (sum, [a, p1, , b, p2]) => sum + (a === operation ? p1 : 0) + (b === operation ? p2 : 0),
        0,
      )
      const mean = (count * expected) / 25
      expect(Math.abs(first + second - mean)).toBeLessThan(4 * Math.sqrt(2 * mean))
    },
  )

  it("turns levels into the values of the authors' code", () => {
    expect(valuesOf('posterize')).toEqual([1, 2])
    expect(valuesOf('solarize')).toEqual([51, 76, 102, 204, 256])
    expect(valuesOf('solarizeAdd')).toEqual([33, 77])
    expect(valuesOf('color')).toBeAllClose([0.1, 0.28, 0.82, 1.18, 1.36, 1.72], { absolute: 1e-9 })
    expect(valuesOf('shearX')).toBeAllClose([-0.27, 0.27], { absolute: 1e-9 })
    const degrees = [-27, -24, -21, -15, -6, 0, 6, 15, 21, 24, 27]
    expect(valuesOf('rotate')).toBeAllClose(degrees, { absolute: 1e-9 })
    expect(valuesOf('translateY')).toEqual([-135, 135])
  })

  it('draws both directions equally often', () => {
    const turns = drawn.flat().filter(({ operation, value }) => operation === 'rotate' && value !== 0)
    const left = turns.filter(({ value }) => value > 0).length
    expect(Math.abs(left - turns.length / 2)).toBeLessThan(2 * Math.sqrt(turns.length))
  })
})
