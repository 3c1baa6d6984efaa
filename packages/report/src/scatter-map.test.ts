import { expect, it } from 'vitest'
import { scatterMap } from './scatter-map.ts'

it('names that would cover each other stand below each other, whatever the rounding of their places', () => {
  // Twelve classes at nearly one point: sums of a place and the height of a line round up and down.
  for (let run = 0; run < 200; run++) {
    const count = 12
    const wobble = (i: number): number => Math.sin(run * 31 + i * 7.3) / 50
    const map = scatterMap({
      x: Float32Array.from({ length: count + 2 }, (_, i) => (i < count ? wobble(i) : i - count)),
      y: Float32Array.from({ length: count + 2 }, (_, i) => (i < count ? wobble(i + 0.5) : i - count)),
      labels: Int32Array.from({ length: count + 2 }, (_, i) => i % count),
      classes: Array.from({ length: count }, (_, i) => `class ${i}`),
    })
    const places = [...String(map).matchAll(/<text data-class="\d+" x="([-\d.]+)" y="([-\d.]+)"/g)]
    const labels = places.map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
    expect(labels).toHaveLength(count)
    for (const [i, a] of labels.entries()) {
      for (const b of labels.slice(i + 1)) {
        if (Math.abs(a.x - b.x) < 14 * 4) expect(Math.abs(a.y - b.y)).toBeGreaterThan(16.9)
      }
    }
  }
})
