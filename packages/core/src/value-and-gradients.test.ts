import {
  add,
  customGrad,
  exp,
  matMul,
  memory,
  mul,
  type Scalar,
  scalar,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { afterEach, expect, test } from 'vitest'
import { valueAndGradients } from './index.ts'

let variables: Variable[] = []
afterEach(() => {
  for (const value of variables) value.dispose()
  variables = []
})

function weight(values: number[][]): Variable {
  const created = tidy(() => variable(tensor2d(values)))
  variables.push(created)
  return created
}

const v = (tensor: Variable): Tensor2D => tensor as unknown as Tensor2D

/** Uses `a` twice, and an operation that both gradients pass through. */
function loss(a: Variable, b: Variable): Scalar {
  const product = sigmoid(matMul(v(a), v(b)))
  return sum(square(sub(matMul(product, v(b)), mul(exp(v(a)), 0.5)))) as Scalar
}

test('value and gradients equal those of variableGrads', () => {
  const a = weight([
    [0.1, -0.4],
    [0.7, 0.2],
  ])
  const b = weight([
    [1.1, 0.3],
    [-0.6, 0.9],
  ])
  const { value, grads } = variableGrads(() => loss(a, b), [a, b])
  const ours = valueAndGradients(() => loss(a, b), [a, b])
  expect(ours.value).toBeAllClose(value)
  expect(ours.gradients[0]!).toBeAllClose(grads[a.name]!, { relative: 1e-6 })
  expect(ours.gradients[1]!).toBeAllClose(grads[b.name]!, { relative: 1e-6 })
})

test('leaks nothing, also when the loss or a gradient throws', () => {
  const a = weight([[1, 2]])
  const failing = customGrad((x, save) => {
    ;(save as (tensors: Tensor[]) => void)([x as Tensor])
    return {
      value: square(x as Tensor),
      gradFunc: () => {
        throw new Error('no gradient')
      },
    }
  })
  expect(() => {
    const { value, gradients } = valueAndGradients(() => sum(square(a)), [a])
    value.dispose()
    gradients[0]!.dispose()
  }).toLeakNoTensors()
  expect(() => {
    expect(() => valueAndGradients(() => sum(failing(square(a))), [a])).toThrow('no gradient')
    expect(() =>
      valueAndGradients(() => {
        square(a)
        throw new Error('no loss')
      }, [a]),
    ).toThrow('no loss')
  }).toLeakNoTensors()
})

test('a gradient function may return its argument, a saved tensor, or one tensor for two inputs', () => {
  const a = weight([[1, 2]])
  const b = weight([[3, 4]])
  const addition = customGrad((x, y, save) => {
    ;(save as (tensors: Tensor[]) => void)([y as Tensor])
    return { value: add(x as Tensor, y as Tensor), gradFunc: (dy) => [dy, dy] }
  })
  const saved = customGrad((x, save) => {
    ;(save as (tensors: Tensor[]) => void)([x as Tensor])
    return { value: square(x as Tensor), gradFunc: (_, tensors) => tensors[0]! }
  })
  const { gradients } = valueAndGradients(() => sum(square(saved(addition(square(a), b)))), [a, b])
  expect([...gradients[1]!.dataSync()]).toEqual([4, 8])
  expect([...gradients[0]!.dataSync()]).toEqual([8, 32])
  expect(a.isDisposed || b.isDisposed).toBe(false)
})

test('what the backward pass has used is gone before the next gradient is computed', () => {
  const a = weight([Array.from({ length: 1000 }, () => 0.5)])
  const bytes: number[] = []
  const watched = customGrad((x) => ({
    value: (x as Tensor).clone(),
    gradFunc: (dy) => {
      bytes.push(memory().numBytes)
      return dy.clone()
    },
  }))
  const deep = (): Scalar => {
    let x: Tensor = a
    for (let depth = 0; depth < 10; depth++) x = watched(square(x))
    return sum(x)
  }
  valueAndGradients(deep, [a]).gradients[0]!.dispose()
  // Each of the ten squares saved its input of 4000 bytes: from one to the next, one of them is freed.
  const steps = bytes.slice(1).map((now, index) => now - bytes[index]!)
  expect(steps).toEqual(Array.from({ length: 9 }, () => -4000))
})

test('misuse is an error', () => {
  const a = weight([[1, 2]])
  const idle = weight([[1]])
  expect(() => valueAndGradients(() => sum(square(a)), [a, idle])).toThrow(
    /used by the loss.*does not depend/,
  )
  expect(() => valueAndGradients(() => valueAndGradients(() => scalar(1), [a]).value, [a])).toThrow(
    /outside of other gradient computations/,
  )
})

test('each gradient is handed on once, complete, those of later layers first', () => {
  const [a, b] = [
    weight([[0.3, -0.4]]),
    weight([
      [1.1, 0.3],
      [-0.6, 0.9],
    ]),
  ]
  const seen: { position: number; values: number[] }[] = []
  const loss = (): Scalar => sum(matMul(sigmoid(mul(v(a), v(a))), v(b))) as Scalar
  const { gradients } = valueAndGradients(loss, [a, b], (gradient, position) => {
    seen.push({ position, values: [...gradient.dataSync()] })
  })
  expect(seen).toEqual([1, 0].map((position) => ({ position, values: [...gradients[position]!.dataSync()] })))
})
