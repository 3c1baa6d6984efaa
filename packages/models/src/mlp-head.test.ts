import { valueAndGradients } from '@simclr/core'
import { formulaValues } from '@simclr/tools/testing'
import { add, matMul, type Scalar, square, sum, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { variablesByName } from './__fixtures__/golden-module.ts'
import { MlpHead } from './mlp-head.ts'
import { ProjectionHead } from './projection-head.ts'

const options = { inputWidth: 6, layers: 3, outputWidth: 4, seed: 2 }

describe.each([
  [0, 6],
  [1, 6],
  [2, 6],
  [3, 4],
])('from layer %d, which is %d wide', (layers, width) => {
  test('is the projection head up to there, then linear', () => {
    const head = new MlpHead({ projection: new ProjectionHead(options), layers, classes: 5 })
    const reference = new ProjectionHead(options)
    const names = reference.parameters().map(({ name }) => name)
    const used = names.filter((name) => Number(/^layer(\d)/.exec(name)![1]) < layers)
    expect(head.parameters().map(({ name }) => name)).toEqual([...used, 'dense.kernel', 'dense.bias'])
    expect(head.state()).toHaveLength(2 * layers)

    tidy(() => {
      const x = tensor2d(formulaValues(1, 48), [8, 6])
      const { 'dense.kernel': kernel, 'dense.bias': bias } = Object.fromEntries(variablesByName(head))
      expect(kernel!.shape).toEqual([width, 5])
      const hidden = reference.apply(x, { training: true, layers })
      const logits = add(matMul(hidden, kernel as unknown as Tensor2D), bias!)
      expect(head.apply(x, { training: true })).toBeAllClose(logits.dataSync(), { relative: 1e-5 })

      // Fails if a parameter has no influence on the logits.
      const loss = () => sum(square(head.apply(x, { training: true }))) as Scalar
      valueAndGradients(
        loss,
        head.parameters().map(({ value }) => value),
      )
    })
    head.dispose()
    reference.dispose()
  })

  test('leaks nothing', () => {
    const build = () => new MlpHead({ projection: new ProjectionHead(options), layers, classes: 5 })
    expect(() => build().dispose()).toLeakNoTensors()
    const head = build()
    const x = tensor2d(formulaValues(1, 48), [8, 6])
    expect(() => head.apply(x, { training: true }).dispose()).toLeakNoTensors()
    x.dispose()
    head.dispose()
  })
})

test('bad input: layers that are not there, no class', () => {
  const projection = new ProjectionHead(options)
  expect(() => new MlpHead({ projection, layers: 4, classes: 5 })).toThrow(
    /MlpHead: layers: must be a number between 0 and 3, got 4/,
  )
  expect(() => new MlpHead({ projection, layers: 0.5, classes: 5 })).toThrow(/MlpHead: layers: .* got 0.5/)
  expect(() => new MlpHead({ projection, classes: 0 })).toThrow(/LinearHead: classes: .* got 0/)
  projection.dispose()
})
