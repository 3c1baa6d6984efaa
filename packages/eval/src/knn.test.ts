import { readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import type { Features } from './features.ts'
import { knn } from './knn.ts'

interface Case {
  k: number
  temperature: number
  num_classes: number
  accuracy_weighted: number
}

const { knn: cases } = readGoldenJson<{ knn: Case[] }>(
  new URL('./__fixtures__/08_eval.json', import.meta.url),
)
const arrays = readGoldenArrays(new URL('./__fixtures__/08_eval.safetensors', import.meta.url))

function goldenFeatures(set: 'train' | 'test'): Features {
  const { values, shape } = arrays.get(`knn.${set}`)!
  return {
    features: values as Float32Array,
    width: shape[1]!,
    labels: arrays.get(`knn.${set}_labels`)!.values as Int32Array,
  }
}

const [train, test_] = [goldenFeatures('train'), goldenFeatures('test')]

describe.each(cases)('golden features, k = $k, temperature = $temperature', (golden) => {
  test('predictions, probabilities and accuracy', async () => {
    const tensors = memory().numTensors
    const { k, temperature } = golden
    const result = await knn({ train, test: test_, k, temperature })
    expect(memory().numTensors).toBe(tensors)
    const key = `knn.k${k}.T${temperature}`
    expect(result.predictions).toEqual(arrays.get(`${key}.pred`)!.values)
    expect(result.probabilities).toBeAllClose(arrays.get(`${key}.probs`)!.values, { absolute: 2e-6 })
    expect(result.accuracy).toBe(golden.accuracy_weighted)
  })
})

const rows: Features = {
  features: Float32Array.of(1, 0, 0, 1, -1, 0),
  width: 2,
  labels: Int32Array.of(1, 2, 0),
}

test('finds each training row next to itself, whatever its length', async () => {
  const scaled = { ...rows, features: rows.features.map((value) => 1000 * value) }
  const { accuracy, predictions } = await knn({ train: rows, test: scaled, k: 1 })
  expect(accuracy).toBe(1)
  expect(predictions).toEqual(Int32Array.of(1, 2, 0))
})

test('survives temperatures whose exponentials overflow', async () => {
  const { probabilities } = await knn({ train: rows, test: rows, k: 3, temperature: 1e-4 })
  expect(probabilities).toBeAllClose([0, 1, 0, 0, 0, 1, 1, 0, 0])
})

test.each([
  [{ k: 4 }, 'at most the number of training features, 3, got 4. Choose a smaller k'],
  [{ k: 0 }, 'knn: k'],
  [{ k: 1, temperature: 0 }, 'temperature'],
  [{ k: 1, classes: 2 }, 'train labels: must be below the number of classes, 2, got 2'],
  [{ k: 1, train: { ...rows, labels: undefined } }, 'train: labels'],
  [
    { k: 1, test: { ...rows, features: rows.features.with(5, Number.POSITIVE_INFINITY) } },
    'Infinity in row 2',
  ],
  [
    { k: 1, test: { features: new Float32Array(0), width: 2, labels: new Int32Array(0) } },
    'at least one image',
  ],
])('rejects %o', async (change, message) => {
  await expect(knn({ train: rows, test: rows, ...change })).rejects.toThrow(message)
})
