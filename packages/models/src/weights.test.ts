import { memory, ones, type Tensor2D } from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from './files/safetensors.ts'
import { ProjectionHead } from './projection-head.ts'
import { loadWeights, moduleWeights, type Weights, weightsUnder } from './weights.ts'

let head: ProjectionHead
let other: ProjectionHead
beforeEach(() => {
  head = new ProjectionHead({ inputWidth: 4, outputWidth: 3, seed: 1 })
  other = new ProjectionHead({ inputWidth: 4, outputWidth: 3, seed: 2 })
})
afterEach(() => {
  head.dispose()
  other.dispose()
})

test('parameters and moving statistics go through a file into another module', async () => {
  const x = ones([2, 4]) as Tensor2D
  head.apply(x, { training: true }).dispose()
  x.dispose()
  const weights = await moduleWeights(head)
  expect(await moduleWeights(other)).not.toEqual(weights)
  loadWeights(other, decodeSafetensors(encodeSafetensors(weights)))
  expect(await moduleWeights(other)).toEqual(weights)
})

test('are copies, in the order of the module', async () => {
  const weights = await moduleWeights(head)
  const first = weights.get('layer0.dense.kernel')!
  first.values[0] = 99
  expect((await moduleWeights(head)).get('layer0.dense.kernel')!.values[0]).not.toBe(99)
  expect([...weights.keys()]).toEqual([...head.parameters(), ...head.state()].map(({ name }) => name))
})

test('loading leaks nothing', async () => {
  const weights = await moduleWeights(head)
  const before = memory().numTensors
  loadWeights(other, weights)
  expect(memory().numTensors).toBe(before)
})

describe('what does not fit is listed, and nothing changes', () => {
  const cases: [string, (weights: Weights) => void, RegExp][] = [
    ['missing', (w) => w.delete('layer1.bn.gamma'), /missing layer1\.bn\.gamma \(F32 \[3\]\)/],
    [
      'unexpected',
      (w) => w.set('layer7.bn.gamma', w.get('layer1.bn.gamma')!),
      /unexpected layer7\.bn\.gamma/,
    ],
    [
      'another shape',
      (w) => w.set('layer1.bn.gamma', { dtype: 'F32', shape: [2], values: new Float32Array(2) }),
      /layer1\.bn\.gamma is F32 \[2\], not F32 \[3\]/,
    ],
    [
      'another dtype',
      (w) => w.set('layer1.bn.gamma', { dtype: 'I32', shape: [3], values: new Int32Array(3) }),
      /layer1\.bn\.gamma is I32 \[3\], not F32 \[3\]/,
    ],
  ]

  test.each(cases)('%s', async (_, damage, message) => {
    const weights = await moduleWeights(head)
    damage(weights)
    const before = await moduleWeights(other)
    expect(() => loadWeights(other, weights)).toThrow(message)
    expect(await moduleWeights(other)).toEqual(before)
  })

  test('all at once', async () => {
    const weights = await moduleWeights(head)
    for (const [, damage] of cases.slice(1)) damage(weights)
    weights.delete('layer0.dense.kernel')
    const message = /missing layer0\.dense\.kernel.*layer1\.bn\.gamma is I32.*unexpected layer7\.bn\.gamma/
    expect(() => loadWeights(other, weights)).toThrow(message)
  })
})

test('weightsUnder takes a prefix as a whole word', () => {
  const array = { dtype: 'F32', shape: [1], values: new Float32Array(1) } as const
  const weights = new Map([
    ['encoder.a', array],
    ['encoder2.b', array],
    ['projection.c', array],
  ])
  expect([...weightsUnder('encoder', weights).keys()]).toEqual(['a'])
})
