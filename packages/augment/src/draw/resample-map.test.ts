import { describe, expect, it } from 'vitest'
import { blurMap } from './gaussian-blur.ts'
import type { LineMap } from './line-map.ts'
import { type ResampleOptions, resampleMap } from './resample-map.ts'

/** What a map makes of a line whose pixel j is `line(j)`. */
function mapped({ starts, counts, weights, stride }: LineMap, line: (j: number) => number): number[] {
  return Array.from(starts, (start, i) => {
    let sum = 0
    for (let tap = 0; tap < counts[i]!; tap++) sum += weights[i * stride + tap]! * line(start + tap)
    return sum
  })
}

const options: ResampleOptions[] = (['bicubic', 'bilinear'] as const).flatMap((interpolation) =>
  [false, true].map((antialias) => ({ interpolation, antialias })),
)
const intervals = [1, 2, 3, 5, 16, 37].flatMap((length) =>
  [1, 2, 7, 16, 50].map((output) => ({ length, output })),
)

describe.each(options)('resampleMap, $interpolation, antialias $antialias', (option) => {
  it('makes every pixel of some inside the interval, with weights of sum 1', () => {
    for (const { length, output } of intervals) {
      const map = resampleMap({ start: 11, length }, output, false, option)
      expect(map.starts).toHaveLength(output)
      expect(map.weights).toHaveLength(output * map.stride)
      expect(mapped(map, () => 1)).toBeAllClose(new Array(output).fill(1), { absolute: 1e-6 })
      map.starts.forEach((start, i) => {
        expect(map.counts[i]).toBeGreaterThanOrEqual(1)
        expect(map.counts[i]).toBeLessThanOrEqual(map.stride)
        expect(start).toBeGreaterThanOrEqual(11)
        expect(start + map.counts[i]!).toBeLessThanOrEqual(11 + length)
      })
    }
  })

  it('runs backwards if reversed', () => {
    for (const { length, output } of intervals) {
      const line = (j: number) => Math.sin(3 * j)
      const forwards = mapped(resampleMap({ start: 2, length }, output, false, option), line)
      const backwards = mapped(resampleMap({ start: 2, length }, output, true, option), line)
      expect(backwards).toEqual(forwards.reverse())
    }
  })

  it('keeps a straight line straight away from the ends when it grows', () => {
    const values = mapped(resampleMap({ start: 0, length: 45 }, 60, false, option), (j) => j)
    const wanted = Array.from({ length: 60 }, (_, i) => ((i + 0.5) * 45) / 60 - 0.5)
    expect(values.slice(3, -3)).toBeAllClose(wanted.slice(3, -3), { absolute: 1e-3 })
  })

  it('copies when nothing is scaled', () => {
    const values = mapped(resampleMap({ start: 4, length: 9 }, 9, false, option), (j) => j * j)
    expect(values).toBeAllClose([16, 25, 36, 49, 64, 81, 100, 121, 144], { absolute: 1e-4 })
  })
})

it('blurMap leaves out taps that weigh nothing, and darkens the ends', () => {
  const narrow = blurMap(0.1, 11, 30)
  expect(narrow.stride).toBe(3)
  const wide = mapped(blurMap(2, 11, 40), () => 1)
  expect(wide.slice(11, -11)).toBeAllClose(new Array(18).fill(1), { absolute: 1e-6 })
  expect(wide[0]).toBeLessThan(0.65)
  expect(wide).toBeAllClose(wide.toReversed(), { absolute: 1e-6 })
})
