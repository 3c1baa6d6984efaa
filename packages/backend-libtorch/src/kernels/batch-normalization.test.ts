/** The three training kernels against the same mathematics composed of tfjs operations. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { liveHandles, registerLibtorch } from '../register-libtorch.ts'

const library = testingLibrary()
const epsilon = 1e-3

describe.skipIf(library === undefined)('batch normalisation in training', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  for (const shape of [
    [4, 3, 5, 6],
    [16, 6],
  ]) {
    for (const hasScale of [true, false]) {
      for (const relu of [true, false]) {
        for (const hasResidual of [true, false]) {
          it(`[${shape}] scale ${hasScale}, relu ${relu}, residual ${hasResidual}`, () => {
            const before = liveHandles()
            tf.tidy(() => check(shape, hasScale, relu, hasResidual))
            expect(liveHandles()).toBe(before)
          })
        }
      }
    }
  }

  it('computes in the memory of y only if it is told to and nobody else holds y', () => {
    const x = tf.tensor2d([1, -2, 3, 4, 5, -6, 0.5, 2], [4, 2])
    const dy = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2])
    const gradient = (y: tf.Tensor, discardsY: boolean): tf.Tensor => {
      const [, mean, inverseDeviation] = runMany('BatchNormTraining', { x }, { epsilon, relu: true })
      const inputs = { dy, y, x, mean: mean!, inverseDeviation: inverseDeviation! }
      const attributes = { epsilon, relu: true, hasResidual: false, discardsY }
      return runMany('BatchNormTrainingGrad', inputs, attributes)[0]!
    }
    const output = (): tf.Tensor => runMany('BatchNormTraining', { x }, { epsilon, relu: true })[0]!
    const expected = gradient(output(), false)
    const values = output().dataSync().slice()
    const held = output()
    const other = held.clone()
    expect(gradient(held, true)).toBeAllClose(expected)
    expect(held.dataSync()).toEqual(values)
    other.dispose()
    const viewed = output()
    const view = tf.transpose(viewed)
    const transposed = view.dataSync().slice()
    expect(gradient(viewed, true)).toBeAllClose(expected)
    expect(view.dataSync()).toEqual(transposed)
    expect(gradient(held, true)).toBeAllClose(expected)
    expect(held.dataSync()).not.toEqual(values)
  })

  it('ReluGrad passes the gradient where the output is positive', () => {
    const y = tf.relu(tf.tensor1d([-1, 0, 2, 3]))
    const dx = runMany('ReluGrad', { dy: tf.tensor1d([5, 6, 7, -8]), y }, {})[0]!
    expect(dx).toBeAllClose([0, 0, 7, -8])
  })

  it('refuses parameters of another width and a missing y', () => {
    const x = tf.zeros([2, 3])
    expect(() => runMany('BatchNormTraining', { x, scale: tf.zeros([4]) }, { epsilon, relu: false })).toThrow(
      'BatchNormTraining(x float32[2,3], scale float32[4]): scale must have shape [3], got [4]',
    )
    const statistics = { mean: tf.zeros([3]), inverseDeviation: tf.ones([3]) }
    expect(() =>
      runMany(
        'BatchNormTrainingGrad',
        { dy: x, x, ...statistics },
        { epsilon, relu: true, hasResidual: false },
      ),
    ).toThrow('needs y')
  })
})

function check(shape: number[], hasScale: boolean, relu: boolean, hasResidual: boolean): void {
  const channels = shape.at(-1)!
  const x = tf.randomNormal(shape, 1, 2, 'float32', 1)
  const scale = tf.randomUniform([channels], 0.5, 1.5, 'float32', 2)
  const offset = tf.randomNormal([channels], 0, 1, 'float32', 3)
  const residual = tf.randomNormal(shape, 0, 1, 'float32', 4)
  const dy = tf.randomNormal(shape, 0, 1, 'float32', 5)
  const axes = shape.map((_, i) => i).slice(0, -1)

  const composed = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, residual: tf.Tensor): tf.Tensor => {
    const { mean, variance } = tf.moments(x, axes)
    const normalized = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)))
    const affine = hasScale
      ? tf.add(tf.mul(normalized, scale), offset)
      : tf.add(normalized, tf.mul(0, tf.add(scale, offset)))
    const sum = hasResidual ? tf.add(affine, residual) : tf.add(affine, tf.mul(0, residual))
    return relu ? tf.relu(sum) : sum
  }
  const parameters = hasScale ? { scale, offset } : {}
  const inputs = { x, ...parameters, ...(hasResidual ? { residual } : {}) }
  const [y, mean, inverseDeviation] = runMany('BatchNormTraining', inputs, { epsilon, relu }) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ]
  const { mean: expectedMean, variance } = tf.moments(x, axes)
  expect(y.shape).toEqual(shape)
  expect(y).toBeAllClose(composed(x, scale, offset, residual), { absolute: 1e-5 })
  expect(mean).toBeAllClose(expectedMean, { absolute: 1e-5 })
  expect(inverseDeviation).toBeAllClose(tf.rsqrt(tf.add(variance, epsilon)), { absolute: 1e-5 })

  const statistics = { mean, inverseDeviation }
  const given = { dy, x, ...(relu ? { y } : {}), ...(hasScale ? { scale } : {}), ...statistics }
  const gradients = runMany('BatchNormTrainingGrad', given, { epsilon, relu, hasResidual })
  const [dx, dscale, doffset, dresidual] = tf.grads((x, scale, offset, residual) =>
    tf.sum(tf.mul(dy, composed(x!, scale!, offset!, residual!))),
  )([x, scale, offset, residual])
  expect(gradients[0]).toBeAllClose(dx!, { absolute: 2e-5 })
  expect(gradients).toHaveLength(hasResidual ? 4 : 3)
  if (hasScale) {
    expect(gradients[1]).toBeAllClose(dscale!, { absolute: 2e-5, relative: 1e-5 })
    expect(gradients[2]).toBeAllClose(doffset!, { absolute: 2e-5, relative: 1e-5 })
  }
  if (hasResidual) expect(gradients[3]).toBeAllClose(dresidual!)
}

function runMany(name: string, inputs: tf.NamedTensorMap, attributes: object): tf.Tensor[] {
  const outputs = tf.engine().runKernel(name, inputs, attributes as never) as tf.Tensor | tf.Tensor[]
  return [outputs].flat()
}
