import { RandomKey } from '@simclr/core'
import { describe, expect, test } from 'vitest'
import { smallNormal, varianceScaling } from './initializers.ts'

const key = RandomKey.fromSeed(1).fold('group1.block0.conv1.kernel')
const shape = [3, 3, 64, 256]
const fanIn = 3 * 3 * 64

function moments(values: Float32Array) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length
  return {
    mean,
    deviation: Math.sqrt(variance),
    largest: values.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
  }
}

describe('varianceScaling', () => {
  test('has variance 1 / fan-in and is cut off at two of its uncut deviations', () => {
    const { mean, deviation, largest } = moments(varianceScaling(key, shape))
    const wanted = 1 / Math.sqrt(fanIn)
    expect(Math.abs(mean)).toBeLessThan(4 * (wanted / Math.sqrt(fanIn * 256)))
    expect(deviation / wanted).toBeCloseTo(1, 2)
    const limit = (2 * wanted) / 0.87962566103423978
    expect(largest).toBeLessThanOrEqual(limit * (1 + 1e-6))
    expect(largest).toBeGreaterThan(0.99 * limit)
  })

  test('is a pure function of the key; another name gives other values', () => {
    expect(varianceScaling(key, shape)).toEqual(varianceScaling(key, shape))
    const other = varianceScaling(RandomKey.fromSeed(1).fold('group1.block0.conv2.kernel'), shape)
    const values = varianceScaling(key, shape)
    const covariance = values.reduce((total, value, i) => total + value * other[i]!, 0) / values.length
    expect(Math.abs(covariance) * fanIn).toBeLessThan(4 / Math.sqrt(values.length))
  })
})

test('smallNormal has standard deviation 0.01 and the tails of a normal distribution', () => {
  const values = smallNormal(key, [512, 512])
  const { mean, deviation } = moments(values)
  expect(Math.abs(mean)).toBeLessThan(4 * (0.01 / 512))
  expect(deviation / 0.01).toBeCloseTo(1, 2)
  const shareBeyondTwo = values.filter((value) => Math.abs(value) > 0.02).length / values.length
  expect(shareBeyondTwo).toBeCloseTo(0.0455, 2)
})
