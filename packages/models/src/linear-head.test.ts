import { ones, type Tensor2D, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { variablesByName } from './__fixtures__/golden-module.ts'
import { LinearHead } from './linear-head.ts'

test('is x · kernel + bias, starting with bias 0', () => {
  const head = new LinearHead({ inputWidth: 3, classes: 2 })
  const { 'dense.kernel': kernel, 'dense.bias': bias } = Object.fromEntries(variablesByName(head))
  expect(bias!).toBeAllClose([0, 0])
  expect(head.parameters().map(({ role }) => role)).toEqual(['kernel', 'bias'])
  tidy(() => {
    kernel!.assign(tensor2d([1, 2, 3, 4, 5, 6], [3, 2]))
    bias!.assign(tensor1d([10, 20]))
    expect(head.apply(tensor2d([[1, 0, 2]]))).toBeAllClose([1 + 10 + 10, 2 + 12 + 20])
  })
  head.dispose()
})

test('leaks nothing', () => {
  const head = new LinearHead({ inputWidth: 3, classes: 2 })
  const x = ones([4, 3]) as Tensor2D
  expect(() => head.apply(x).dispose()).toLeakNoTensors()
  x.dispose()
  head.dispose()
  expect(() => new LinearHead({ inputWidth: 3, classes: 2 }).dispose()).toLeakNoTensors()
})

describe('bad input', () => {
  test.each([
    [{ inputWidth: 0, classes: 2 }, /LinearHead: inputWidth: .* got 0/],
    [{ inputWidth: 3, classes: 0 }, /LinearHead: classes: .* got 0/],
  ])('%o', (options, message) => {
    expect(() => new LinearHead(options)).toThrow(message)
  })

  test('features of another width', () => {
    const head = new LinearHead({ inputWidth: 3, classes: 2 })
    const x = ones([4, 2]) as Tensor2D
    expect(() => head.apply(x)).toThrow(/shape \[any, 3\], got shape \[4, 2\]/)
    x.dispose()
    head.dispose()
  })
})
