import { describe, expect, it } from 'vitest'
import { blurMap } from './gaussian-blur.ts'
import type { LineMap } from './line-map.ts'
import { type ResampleOptions, resampler } from './resample-map.ts'

/** What a map makes of a line whose pixel j is `line(j)`. */
function mapped({ origin, starts, counts, weights, stride }: LineMap, line: (j: number) => number): number[] {
  return Array.from(starts, (start, i) => {
    let sum = 0
    for (let tap = 0; tap < counts[i]!; tap++) sum += weights[i * stride + tap]! * line(origin + start + tap)
    return sum
  })
}

const options: ResampleOptions[] = (['bicubic', 'bilinear'] as const).flatMap((interpolation) =>
  [false, true].map((antialias) => ({ interpolation, antialias })),
)
const intervals = [1, 2, 3, 5, 16, 37].flatMap((length) =>
  [1, 2, 7, 16, 50].map((output) => ({ length, output })),
)

describe.each(options)('resampler, $interpolation, antialias $antialias', (option) => {
  it('makes every pixel of some inside the interval, with weights of sum 1', () => {
    for (const { length, output } of intervals) {
      const map = resampler(output, option)({ start: 11, length }, false)
      expect(map.starts).toHaveLength(output)
      expect(map.weights).toHaveLength(output * map.stride)
      expect(mapped(map, () => 1)).toBeAllClose(new Array(output).fill(1), { absolute: 1e-6 })
      map.starts.forEach((start, i) => {
        expect(map.counts[i]).toBeGreaterThanOrEqual(1)
        expect(map.counts[i]).toBeLessThanOrEqual(map.stride)
        expect(map.origin + start).toBeGreaterThanOrEqual(11)
        expect(map.origin + start + map.counts[i]!).toBeLessThanOrEqual(11 + length)
      })
    }
  })

  it('runs backwards if reversed', () => {
    for (const { length, output } of intervals) {
      const line = (j: number) => Math.sin(3 * j)
      const forwards = mapped(resampler(output, option)({ start: 2, length }, false), line)
      const backwards = mapped(resampler(output, option)({ start: 2, length }, true), line)
      expect(backwards).toEqual(forwards.reverse())
    }
  })

  it('keeps a straight line straight away from the ends when it grows', () => {
    const values = mapped(resampler(60, option)({ start: 0, length: 45 }, false), (j) => j)
    const wanted = Array.from({ length: 60 }, (_, i) => ((i + 0.5) * 45) / 60 - 0.5)
    expect(values.slice(3, -3)).toBeAllClose(wanted.slice(3, -3), { absolute: 1e-3 })
  })

  it('gives intervals of one length the same weights at their own places', () => {
    const resample = resampler(20, option)
    const [first, second] = [3, 8].map((start) => resample({ start, length: 13 }, false)) as [
      LineMap,
      LineMap,
    ]
    expect(second.weights).toBe(first.weights)
    const line = (j: number) => Math.cos(j)
    expect(mapped(second, line)).toEqual(mapped(first, (j) => line(j + 5)))
  })

  it('copies when nothing is scaled', () => {
    const values = mapped(resampler(9, option)({ start: 4, length: 9 }, false), (j) => j * j)
    expect(values).toBeAllClose([16, 25, 36, 49, 64, 81, 100, 121, 144], { absolute: 1e-4 })
  })
})

it('blurMap leaves out taps that weigh nothing, and darkens the ends', () => {
  const narrow = blurMap(0.2, 11, 30)
  expect(narrow.stride).toBe(3)
  const wide = mapped(blurMap(2, 11, 40), () => 1)
  expect(wide.slice(11, -11)).toBeAllClose(new Array(18).fill(1), { absolute: 1e-6 })
  expect(wide[0]).toBeLessThan(0.65)
  expect(wide).toBeAllClose(wide.toReversed(), { absolute: 1e-6 })
})
