import { dispose, memory, tensor2d } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { logisticScaling } from './logistic-scaling.ts'

test('divides by the roots of the approximate Hessian along its axes, and invert multiplies', () => {
  const before = memory().numTensors
  const half = Math.SQRT1_2
  // Variance 9 along the second feature, 4 along the sum of the others, 1 along their difference.
  const axes = tensor2d([
    [0, half],
    [1, 0],
    [0, half],
  ])
  const curvatures = [0.2, 0.05]
  const scaling = logisticScaling({ axes, variances: Float64Array.of(9, 4), rest: 1 }, curvatures, 0.1)
  const roots = (variance: number) => curvatures.map((curvature) => Math.sqrt(curvature * variance + 0.1))
  const parameters = (direction: number[]) => ({
    weights: tensor2d([direction, direction]),
    bias: tensor2d([[1], [1]]),
  })
  for (const [direction, variance] of [
    [[0, 1, 0], 9],
    [[1, 0, 1], 4],
    [[1, 0, -1], 1],
  ] as const) {
    const values = parameters([...direction])
    const [scaled, stretched] = [scaling.apply(values), scaling.invert(values)]
    expect(scaled.weights).toBeAllClose(
      roots(variance).flatMap((root) => direction.map((x) => x / root)),
      { absolute: 1e-6 },
    )
    expect(stretched.weights).toBeAllClose(
      roots(variance).flatMap((root) => direction.map((x) => x * root)),
      { absolute: 1e-6 },
    )
    expect(scaled.bias).toBeAllClose(
      curvatures.map((curvature) => curvature ** -0.5),
      { relative: 1e-6 },
    )
    expect(stretched.bias).toBeAllClose(
      curvatures.map((curvature) => curvature ** 0.5),
      { relative: 1e-6 },
    )
    dispose([values, scaled, stretched].flatMap(({ weights, bias }) => [weights, bias]))
  }
  scaling.dispose()
  axes.dispose()
  expect(memory().numTensors).toBe(before)
})

test('stays finite where classes are certain and features constant', () => {
  const axes = tensor2d([[0]])
  const scaling = logisticScaling({ axes, variances: Float64Array.of(0), rest: 0 }, [0], 0)
  const values = { weights: tensor2d([[1]]), bias: tensor2d([[1]]) }
  const { weights, bias } = scaling.apply(values)
  for (const tensor of [weights, bias]) expect(Number.isFinite(tensor.dataSync()[0])).toBe(true)
  scaling.dispose()
  dispose([axes, values.weights, values.bias, weights, bias])
})
