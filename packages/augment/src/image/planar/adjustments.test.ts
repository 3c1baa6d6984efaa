import { expect, it } from 'vitest'
import { colorJitter } from '../color-jitter.ts'

it('contrast 0 gives the mean of many pixels, to float32', () => {
  const [height, width] = [701, 503]
  const data = Float32Array.from({ length: 3 * height * width }, (_, i) => 0.9 + 0.1 * Math.sin(i * i))
  const sums = [0, 0, 0]
  for (let i = 0; i < data.length; i++) sums[i % 3]! += data[i]!
  const drawn = { order: [1], brightness: 1, contrast: 0, saturation: 1, hue: 0 }
  const { data: grey } = colorJitter().applyFloat({ data, height, width }, drawn)
  expect(grey).toBeAllClose(
    Float32Array.from(data, (_, i) => sums[i % 3]! / (height * width)),
    { absolute: 0, relative: 1e-7 },
  )
})
