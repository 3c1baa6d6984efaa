import { readGoldenJson } from '@simclr/tools/testing'
import { expect, test } from 'vitest'
import { notWorseThanBest } from './not-worse-than-best.ts'
import { permutationTest } from './permutation-test.ts'

interface Golden {
  permutation: {
    per_example: { correct_a: number[]; correct_b: number[] }[]
    per_run_vectors: { a: number[]; b: number[] }[]
  }
}

const { permutation } = readGoldenJson<Golden>(new URL('./__fixtures__/08_eval.json', import.meta.url))
const [near, far] = permutation.per_example // p 0.377 and 0.0007 against the same, better method
const runs = permutation.per_run_vectors[2]! // p 0.002, b better
const pValue = (best: ArrayLike<number>, other: ArrayLike<number>) => permutationTest(best, other).pValue

test('marks the best and what does not differ significantly from it, in the order given', () => {
  expect(near!.correct_a).toEqual(far!.correct_a)
  expect(notWorseThanBest([far!.correct_b, near!.correct_a, near!.correct_b])).toEqual([false, true, true])
  expect(notWorseThanBest([near!.correct_b, near!.correct_a], { level: 0.38 })).toEqual([false, true])
  expect(notWorseThanBest([near!.correct_b, near!.correct_a], { level: 0.37 })).toEqual([true, true])
})

test('takes another test, for other numbers', () => {
  expect(notWorseThanBest([runs.a, runs.b], { pValue })).toEqual([false, true])
  expect(notWorseThanBest([runs.a, runs.b], { pValue, level: 0.001 })).toEqual([true, true])
})

test('marks equal methods alike, and a single one', () => {
  expect(notWorseThanBest([near!.correct_a, near!.correct_a])).toEqual([true, true])
  expect(notWorseThanBest([near!.correct_a])).toEqual([true])
})

test.each([
  [() => notWorseThanBest([]), 'methods: must be at least one'],
  [() => notWorseThanBest([[1], [0]], { level: 2 }), 'notWorseThanBest: level'],
  [() => notWorseThanBest([[1, 0], [0]]), 'mcnemarTest: second'],
  [() => notWorseThanBest([[0.5], [0]]), 'For other numbers use permutationTest'],
])('rejects %s', (run, message) => {
  expect(run).toThrow(message)
})
