import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { type CropPairOptions, sampleCropPair } from './crop-pair.ts'
import type { ImageSize } from './draw.ts'
import type { CropBox } from './sample-crop-box.ts'

const key = RandomKey.fromSeed(31)
const sizes: ImageSize[] = [
  [2, 2],
  [2, 3],
  [3, 2],
  [2, 60],
  [60, 2],
  [32, 32],
  [120, 200],
  [200, 120],
].map(([height, width]) => ({ height: height!, width: width! }))

function pairs(size: ImageSize, options: CropPairOptions, count = 300): (readonly [CropBox, CropBox])[] {
  return Array.from({ length: count }, (_, i) => sampleCropPair(key.fold(i), size, options))
}

function isInside(inner: CropBox, outer: CropBox): boolean {
  return (
    inner.height >= 1 &&
    inner.width >= 1 &&
    inner.top >= outer.top &&
    inner.left >= outer.left &&
    inner.top + inner.height <= outer.top + outer.height &&
    inner.left + inner.width <= outer.left + outer.width
  )
}

function overlaps(a: CropBox, b: CropBox): boolean {
  return (
    a.top < b.top + b.height &&
    b.top < a.top + a.height &&
    a.left < b.left + b.width &&
    b.left < a.left + a.width
  )
}

const area = ({ height, width }: ImageSize): number => height * width

describe.each(sizes)('sampleCropPair of $height × $width pixels', (size) => {
  const whole = { top: 0, left: 0, ...size }

  it('draws a local box inside a global one', () => {
    for (const [global, local] of pairs(size, { kind: 'global-to-local' })) {
      expect(isInside(global, whole)).toBe(true)
      expect(isInside(local, global)).toBe(true)
    }
  })

  it('draws adjacent boxes apart from one another', () => {
    for (const [first, second] of pairs(size, { kind: 'adjacent' })) {
      expect(isInside(first, whole)).toBe(true)
      expect(isInside(second, whole)).toBe(true)
      expect(overlaps(first, second)).toBe(false)
    }
  })
})

describe('sampleCropPair', () => {
  const size = { height: 400, width: 600 }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value) / values.length

  it('draws areas over the whole of their ranges', () => {
    const drawn = pairs(
      size,
      { kind: 'global-to-local', globalArea: [0.3, 0.5], localArea: [0.1, 0.4] },
      2000,
    )
    const globals = drawn.map(([global]) => area(global) / area(size))
    const locals = drawn.map(([global, local]) => area(local) / area(global))
    for (const [shares, low, high] of [
      [globals, 0.3, 0.5],
      [locals, 0.1, 0.4],
    ] as const) {
      expect(Math.min(...shares)).toBeGreaterThan(low - 0.005)
      expect(Math.max(...shares)).toBeLessThan(high + 0.005)
      const deviation = (high - low) / Math.sqrt(12 * shares.length)
      expect(Math.abs(mean(shares) - (low + high) / 2)).toBeLessThan(4 * deviation + 0.002)
    }
  })

  it('cuts adjacent boxes from both sides of a line across the longer side, either one first', () => {
    const drawn = pairs(size, { kind: 'adjacent' }, 2000)
    const leftFirst = drawn.filter(([first, second]) => first.left + first.width <= second.left)
    const rightFirst = drawn.filter(([first, second]) => second.left + second.width <= first.left)
    expect(leftFirst.length + rightFirst.length).toBe(2000)
    expect(Math.abs(leftFirst.length - 1000)).toBeLessThan(4 * Math.sqrt(500))
    const upright = pairs({ height: 600, width: 400 }, { kind: 'adjacent' })
    expect(upright.every(([a, b]) => a.top + a.height <= b.top || b.top + b.height <= a.top)).toBe(true)
  })

  it('is a pure function of the key', () => {
    for (const kind of ['global-to-local', 'adjacent'] as const) {
      expect(pairs(size, { kind }, 5)).toEqual(pairs(size, { kind }, 5))
      expect(pairs(size, { kind }, 2)[0]).not.toEqual(pairs(size, { kind }, 2)[1])
    }
  })

  it('refuses impossible areas, and to cut a pixel in two', () => {
    const draw = (options: Partial<CropPairOptions>) => () => pairs(size, { kind: 'adjacent', ...options }, 1)
    expect(draw({ localArea: [0.5, 0.2] })).toThrow(/smallest localArea/)
    expect(draw({ localArea: [0, 0] })).toThrow(/largest localArea/)
    expect(draw({ globalArea: [0.5, 1.5] })).toThrow(/largest globalArea/)
    expect(() => pairs({ height: 1, width: 1 }, { kind: 'adjacent' }, 1)).toThrow(/longer side of the image/)
  })
})
