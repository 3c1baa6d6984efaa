import { RandomKey } from '@simclr/core'
import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { blockedNeighbours } from './blocked-neighbours.ts'
import type { Features } from './features.ts'
import { nearestNeighbours } from './nearest-neighbours.ts'

const WIDTH = 7
const normal = (rows: number, seed: number): Float32Array => {
  const random = RandomKey.fromSeed(seed)
  return Float32Array.from({ length: rows * WIDTH }, (_, i) => random.uniform(i, -1, 1))
}
const [bank, queries] = [normal(53, 1), normal(11, 2)]

/** All similarities in float64, sorted. */
function sortedNeighbours(k: number): { row: number; similarity: number }[][] {
  const rowOf = (values: Float32Array, row: number) => [...values.subarray(row * WIDTH, (row + 1) * WIDTH)]
  const dot = (a: number[], b: number[]) => a.reduce((total, value, i) => total + value * b[i]!, 0)
  return Array.from({ length: queries.length / WIDTH }, (_, query) => {
    const q = rowOf(queries, query)
    return Array.from({ length: bank.length / WIDTH }, (_, row) => {
      const r = rowOf(bank, row)
      return { row, similarity: dot(q, r) / Math.sqrt(dot(q, q) * dot(r, r)) }
    })
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, k)
  })
}

describe.each([1, 5, 53])('k = %i', (k) => {
  const expected = sortedNeighbours(k).flat()

  test.each([
    [53, 11],
    [53, 4],
    [10, 11],
    [3, 2],
    [1, 1],
  ])('blocks of %i × %i rows find what a sort finds', async (bankRows, queryRows) => {
    const found = await blockedNeighbours(bank, queries, WIDTH, k, { bankRows, queryRows })
    expect([...found.indices]).toEqual(expected.map(({ row }) => row))
    expect(found.similarities).toBeAllClose(
      expected.map(({ similarity }) => similarity),
      { absolute: 1e-6 },
    )
  })
})

test.each([8, 3, 1])('ties go to the lower row, also across blocks of %i', async (bankRows) => {
  const signs = [1, -1, 1, 1, -1, 1, -1, 1].flatMap((sign) => [sign, 0])
  const found = await blockedNeighbours(Float32Array.from(signs), Float32Array.of(2, 0), 2, 7, {
    bankRows,
    queryRows: 1,
  })
  expect([...found.indices]).toEqual([0, 2, 3, 5, 7, 1, 4])
  expect([...found.similarities]).toEqual([1, 1, 1, 1, 1, -1, -1])
})

const featuresOf = (features: Float32Array, width = WIDTH): Features => ({
  features,
  width,
  labels: undefined,
})

test('each row is its own nearest neighbour, and no tensor is left', async () => {
  const tensors = memory().numTensors
  const { indices } = await nearestNeighbours({ features: featuresOf(bank), queries: featuresOf(bank), k: 1 })
  expect([...indices]).toEqual([...indices.keys()])
  expect(memory().numTensors).toBe(tensors)
})

test.each([
  ['at most the number of features, 53, got 54', { k: 54 }],
  ['nearestNeighbours: k', { k: 0 }],
  ["of the features' width, 7, got 2", { queries: featuresOf(Float32Array.of(1, 2), 2) }],
  ['queries: features: must be of at least one image', { queries: featuresOf(new Float32Array(0)) }],
  ['features: must be of 52 × 7 values', { features: featuresOf(bank.subarray(1)) }],
  ['NaN in row 1', { features: featuresOf(bank.with(9, Number.NaN)) }],
])('error: %s', async (message, change) => {
  const options = { features: featuresOf(bank), queries: featuresOf(queries), k: 3, ...change }
  await expect(nearestNeighbours(options)).rejects.toThrow(message)
})
