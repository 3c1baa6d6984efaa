/** Layout and comparison of strings. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { registerLibtorch } from '../register-libtorch.ts'

const library = testingLibrary()
const words = [
  ['ant', 'bee', ''],
  ['dög', 'emu', 'fox'],
]

/** Every operation with what it makes of `words`. */
const cases: Record<string, [run: (x: tf.Tensor) => tf.Tensor, expected: unknown]> = {
  reshape: [(x) => tf.reshape(x, [6]), words.flat()],
  expandDims: [(x) => tf.expandDims(x, 1), words.map((row) => [row])],
  slice: [(x) => tf.slice(x, [0, 1], [2, 2]), words.map((row) => row.slice(1))],
  stridedSlice: [(x) => tf.stridedSlice(x, [0, 0], [2, 3], [1, 2]), words.map((row) => [row[0], row[2]])],
  concat: [(x) => tf.concat([x, x], 0), [...words, ...words]],
  stack: [(x) => tf.stack([x, x]), [words, words]],
  unstack: [(x) => tf.unstack(x)[1]!, words[1]],
  tile: [(x) => tf.tile(x, [1, 2]), words.map((row) => [...row, ...row])],
  gatherND: [(x) => tf.gatherND(x, tf.tensor2d([[1, 0]], [1, 2], 'int32')), ['dög']],
  equal: [(x) => tf.equal(x, 'bee' as never), words.map((row) => row.map((word) => Number(word === 'bee')))],
  less: [(x) => tf.less(x, 'bee' as never), words.map((row) => row.map((word) => Number(word < 'bee')))],
}

describe.skipIf(library === undefined)('strings', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  it.each(Object.entries(cases))('%s', (_, [run, expected]) => {
    const before = tf.backend().numDataIds()
    const actual = tf.tidy(() => run(tf.tensor(words)).arraySync())
    expect(actual).toEqual(expected)
    expect(tf.backend().numDataIds()).toBe(before)
  })
})
