import { RandomKey } from '@simclr/core'
import { readGoldenJson } from '@simclr/tools/testing'
import { describe, expect, it } from 'vitest'
import type { ImageSize } from './draw.ts'
import { type CropBox, type CropBoxOptions, sampleCropBox } from './sample-crop-box.ts'

interface CropStatistics extends ImageSize {
  draws: number
  area_hist: number[]
  aspect_hist: number[]
  height_frac_hist: number[]
  width_frac_hist: number[]
  area_min: number
  whole_image_fraction: number
  top_edge_fraction: number
  left_edge_fraction: number
  bottom_edge_fraction: number
  right_edge_fraction: number
}

const { crop: statistics } = readGoldenJson<{ crop: CropStatistics[] }>(
  new URL('../__fixtures__/07b_random_stats.json', import.meta.url),
)

function draw(count: number, size: ImageSize, options?: CropBoxOptions): CropBox[] {
  const key = RandomKey.fromSeed(11)
  return Array.from({ length: count }, (_, i) => sampleCropBox(key.fold(i), size, options))
}

/** As numpy.histogram over linspace(low, high, bins + 1). */
function histogram(values: readonly number[], low: number, high: number, bins: number): number[] {
  const edges = Array.from({ length: bins }, (_, i) => low + i * ((high - low) / bins))
  const counts: number[] = new Array(bins).fill(0)
  for (const value of values) counts[edges.findLastIndex((edge) => edge <= value)]!++
  return counts
}

/** Chi-square of two histograms of equally many draws, less its mean, in standard deviations. */
function excess(ours: readonly number[], theirs: readonly number[]): number {
  const filled = ours.map((n, i) => [n, theirs[i]!] as const).filter(([a, b]) => a + b > 0)
  const chiSquare = filled.reduce((sum, [a, b]) => sum + (a - b) ** 2 / (a + b), 0)
  const freedom = filled.length - 1
  return (chiSquare - freedom) / Math.sqrt(2 * freedom)
}

describe("sampleCropBox 'official' against 20,000 draws of TensorFlow", () => {
  it.each(statistics)('$height × $width', (golden) => {
    const { height, width, draws } = golden
    const boxes = draw(draws, golden)
    const areas = boxes.map((box) => (box.height * box.width) / (height * width))
    const share = (test: (box: CropBox) => boolean) => boxes.filter(test).length / draws

    expect(excess(histogram(areas, 0, 1, 20), golden.area_hist)).toBeLessThan(3.5)
    const aspects = boxes.map((box) => box.width / box.height)
    expect(excess(histogram(aspects, 0.6, 1.5, 18), golden.aspect_hist)).toBeLessThan(3.5)
    const heights = boxes.map((box) => box.height / height)
    expect(excess(histogram(heights, 0, 1, 20), golden.height_frac_hist)).toBeLessThan(3.5)
    const widths = boxes.map((box) => box.width / width)
    expect(excess(histogram(widths, 0, 1, 20), golden.width_frac_hist)).toBeLessThan(3.5)

    expect(Math.min(...areas)).toBeGreaterThanOrEqual(0.1)
    for (const [ours, theirs] of [
      [share((box) => box.height === height && box.width === width), golden.whole_image_fraction],
      [share((box) => box.top === 0), golden.top_edge_fraction],
      [share((box) => box.left === 0), golden.left_edge_fraction],
      [share((box) => box.top + box.height === height), golden.bottom_edge_fraction],
      [share((box) => box.left + box.width === width), golden.right_edge_fraction],
    ] as const) {
      const deviation = Math.sqrt((2 * Math.max(theirs, 1 / draws) * (1 - theirs)) / draws)
      expect(Math.abs(ours - theirs)).toBeLessThan(4 * deviation)
    }
  })
})

describe("sampleCropBox 'paper'", () => {
  it('draws area and logarithm of aspect ratio uniformly', () => {
    const size = { height: 2000, width: 2000 }
    const boxes = draw(10_000, size, { sampler: 'paper', area: [0.1, 0.5] })
    const uniform = new Array(20).fill(500)
    const areas = boxes.map((box) => (box.height * box.width) / 4e6)
    expect(excess(histogram(areas, 0.1, 0.5, 20), uniform)).toBeLessThan(3.5)
    const logAspects = boxes.map((box) => Math.log(box.width / box.height))
    expect(excess(histogram(logAspects, Math.log(3 / 4), Math.log(4 / 3), 20), uniform)).toBeLessThan(3.5)
  })

  it('falls back to the largest central box', () => {
    const [box] = draw(1, { height: 100, width: 10 }, { sampler: 'paper', area: [1, 1] })
    expect(box).toEqual({ top: 43, left: 0, height: 13, width: 10 })
  })
})

it.each(['official', 'paper'] as const)('%s boxes lie inside images of any size', (sampler) => {
  for (const [height, width] of [
    [1, 1],
    [1, 50],
    [3, 2],
    [7, 500],
    [33, 32],
  ] as const) {
    for (const box of draw(200, { height, width }, { sampler })) {
      expect(box.top).toBeGreaterThanOrEqual(0)
      expect(box.left).toBeGreaterThanOrEqual(0)
      expect(Math.min(box.height, box.width)).toBeGreaterThanOrEqual(1)
      expect(box.top + box.height).toBeLessThanOrEqual(height)
      expect(box.left + box.width).toBeLessThanOrEqual(width)
    }
  }
})
