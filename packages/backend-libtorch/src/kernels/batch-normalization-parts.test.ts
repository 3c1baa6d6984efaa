/** The kernels for the parts of batch normalisation against the same mathematics composed of tfjs operations. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { LibtorchBackend } from '../libtorch-backend.ts'
import { liveHandles, registerLibtorch } from '../register-libtorch.ts'

const library = testingLibrary()
const SHORT = 'libtorch-bf16'

describe.skipIf(library === undefined)('parts of batch normalisation', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
    const { torch } = tf.backend() as LibtorchBackend
    tf.registerBackend(SHORT, () => new LibtorchBackend(torch, 'bf16', undefined))
    tf.copyRegisteredKernels('libtorch', SHORT)
  })
  afterAll(async () => {
    await tf.setBackend('libtorch')
    tf.removeBackend(SHORT)
  })

  for (const shape of [
    [4, 3, 5, 6],
    [16, 6],
    [1, 1, 2, 6],
  ]) {
    for (const optional of [[], ['scale'], ['offset', 'residual'], ['scale', 'offset', 'residual']]) {
      for (const relu of [true, false]) {
        it(`[${shape}] ${optional.join(', ')}, relu ${relu}`, () => {
          const before = liveHandles()
          tf.tidy(() => check(shape, optional, relu))
          expect(liveHandles()).toBe(before)
        })
      }
    }
  }

  it('one row has the variance 0', () => {
    tf.tidy(() => {
      const [mean, variance] = runMany('BatchNormMoments', { x: tf.tensor2d([[3, -4]]) })
      expect(mean!).toBeAllClose([3, -4])
      expect(variance!).toBeAllClose([0, 0])
    })
  })

  it('compute in the memory of y and of dOutput only if told to and nobody else holds it', () => {
    tf.tidy(() => {
      const { x, dy, statistics, means } = example([8, 2])
      const output = (): tf.Tensor =>
        tf.tidy(() => runMany('BatchNormNormalize', { x, ...statistics }, { relu: true })[0]!)
      const sums = (y: tf.Tensor, discardsY: boolean): tf.Tensor[] =>
        runMany('BatchNormGradSums', { dy, y, x, ...statistics }, { discardsY })
      const gradient = (dOutput: tf.Tensor, discardsOutputGradient: boolean): tf.Tensor =>
        runMany('BatchNormInputGrad', { dOutput, x, ...statistics, ...means }, { discardsOutputGradient })[0]!
      const values = output().dataSync().slice()
      const masked = sums(output(), false)[0]!.dataSync().slice()
      const expected = gradient(tf.tensor(masked, x.shape), false)

      for (const discards of [true, false]) {
        const y = output()
        const dOutput = sums(y, discards)[0]!
        expect(dOutput.dataSync()).toEqual(masked)
        expect(tf.util.arraysEqual([...y.dataSync()], [...values])).toBe(!discards)
        expect(gradient(dOutput, discards)).toBeAllClose(expected)
        expect(tf.util.arraysEqual([...dOutput.dataSync()], [...masked])).toBe(!discards)
      }
      const held = sums(output(), true)[0]!
      const other = held.clone()
      expect(gradient(held, true)).toBeAllClose(expected)
      expect(other.dataSync()).toEqual(masked)

      const [shared] = runMany('BatchNormGradSums', { dy, x, ...statistics }, { discardsY: true })
      const before = dy.dataSync().slice()
      gradient(shared!, true)
      expect(dy.dataSync()).toEqual(before)
    })
  })

  it('keep statistics and sums in float32 where activations are bfloat16', async () => {
    await tf.setBackend(SHORT)
    tf.tidy(() => {
      const identity = tf.reshape(tf.eye(6), [1, 1, 6, 6]) as tf.Tensor4D
      const short = (values: tf.Tensor): tf.Tensor => tf.conv2d(values as tf.Tensor4D, identity, 1, 'same')
      const { x: exact, dy, residual, scale, offset, statistics, means } = example([4, 3, 5, 6])
      const x = short(exact)
      const axes = [0, 1, 2]
      const moments = tf.moments(x, axes)
      const [mean, variance] = runMany('BatchNormMoments', { x })
      expect(mean!).toBeAllClose(moments.mean, { absolute: 1e-5 })
      expect(variance!).toBeAllClose(moments.variance, { absolute: 1e-4 })

      const normalized = tf.mul(tf.sub(x, statistics.mean), statistics.inverseDeviation)
      const inputs = { x, scale, offset, residual: short(residual), ...statistics }
      const [y] = runMany('BatchNormNormalize', inputs, { relu: false })
      const expected = tf.add(tf.add(tf.mul(normalized, scale), offset), inputs.residual)
      expect(isShort(y!)).toBe(true)
      expect(y!).toBeAllClose(expected, { relative: 2 ** -7 })

      const [dOutput, dScale, dOffset] = runMany('BatchNormGradSums', { dy: short(dy), x, ...statistics })
      expect(dScale!).toBeAllClose(tf.sum(tf.mul(dOutput!, normalized), axes), { relative: 1e-5 })
      expect(dOffset!).toBeAllClose(tf.sum(dOutput!, axes), { relative: 1e-5 })

      const gradient = { dOutput: dOutput!, x, scale, ...statistics, ...means }
      const [dx] = runMany('BatchNormInputGrad', gradient)
      const centred = tf.sub(dOutput!, tf.add(means.meanOffset, tf.mul(normalized, means.meanScale)))
      const slope = tf.mul(scale, statistics.inverseDeviation)
      expect(isShort(dx!)).toBe(true)
      expect(dx!).toBeAllClose(tf.mul(centred, slope), { relative: 2 ** -7 })
    })
    await tf.setBackend('libtorch')
  })

  it('refuse statistics of another width', () => {
    const x = tf.zeros([2, 3])
    const statistics = { mean: tf.zeros([3]), inverseDeviation: tf.ones([4]) }
    expect(() => runMany('BatchNormNormalize', { x, ...statistics }, { relu: false })).toThrow(
      'inverseDeviation must have shape [3], got [4]',
    )
  })
})

/** Statistics and means that are not those of x, as those of several processes are not. */
function example(shape: number[]) {
  const channels = shape.at(-1)!
  return {
    x: tf.randomNormal(shape, 1, 2, 'float32', 1),
    dy: tf.randomNormal(shape, 0, 1, 'float32', 2),
    residual: tf.randomNormal(shape, 0, 1, 'float32', 3),
    scale: tf.randomUniform([channels], 0.5, 1.5, 'float32', 4),
    offset: tf.randomNormal([channels], 0, 1, 'float32', 5),
    statistics: {
      mean: tf.randomNormal([channels], 1, 0.5, 'float32', 6),
      inverseDeviation: tf.randomUniform([channels], 0.3, 0.8, 'float32', 7),
    },
    means: {
      meanScale: tf.randomNormal([channels], 0, 0.5, 'float32', 8),
      meanOffset: tf.randomNormal([channels], 0, 0.5, 'float32', 9),
    },
  }
}

function check(shape: number[], optional: string[], relu: boolean): void {
  const { x, dy, statistics, means, ...rest } = example(shape)
  const given = Object.fromEntries(Object.entries(rest).filter(([name]) => optional.includes(name)))
  const axes = shape.map((_, i) => i).slice(0, -1)
  const close = { absolute: 1e-5 }

  const moments = tf.moments(x, axes)
  const [mean, variance] = runMany('BatchNormMoments', { x })
  expect(mean!).toBeAllClose(moments.mean, close)
  expect(variance!).toBeAllClose(moments.variance, close)

  const normalized = tf.mul(tf.sub(x, statistics.mean), statistics.inverseDeviation)
  let expected = normalized
  if (given.scale !== undefined) expected = tf.mul(expected, given.scale)
  if (given.offset !== undefined) expected = tf.add(expected, given.offset)
  if (given.residual !== undefined) expected = tf.add(expected, given.residual)
  if (relu) expected = tf.relu(expected)
  const [y] = runMany('BatchNormNormalize', { x, ...given, ...statistics }, { relu })
  expect(y!.shape).toEqual(shape)
  expect(y!).toBeAllClose(expected, close)

  const output = relu ? { y: y! } : {}
  const [dOutput, dScale, dOffset] = runMany('BatchNormGradSums', { dy, ...output, x, ...statistics })
  const masked = relu ? tf.mul(dy, tf.step(expected)) : dy
  expect(dOutput!).toBeAllClose(masked, close)
  expect(dScale!).toBeAllClose(tf.sum(tf.mul(masked, normalized), axes), close)
  expect(dOffset!).toBeAllClose(tf.sum(masked, axes), close)

  const scale = given.scale === undefined ? {} : { scale: given.scale }
  const gradient = { dOutput: dOutput!, x, ...scale, ...statistics, ...means }
  const centred = tf.sub(masked, tf.add(means.meanOffset, tf.mul(normalized, means.meanScale)))
  const slope = tf.mul(statistics.inverseDeviation, given.scale ?? 1)
  for (const discardsOutputGradient of [false, true]) {
    const [dx] = runMany('BatchNormInputGrad', gradient, { discardsOutputGradient })
    expect(dx!.shape).toEqual(shape)
    expect(dx!).toBeAllClose(tf.mul(centred, slope), close)
  }
}

function isShort(tensor: tf.Tensor): boolean {
  const { torch, data } = tf.backend() as LibtorchBackend
  return torch.dataType(data.get(tensor.dataId).handle!) === torch.abi.dataTypes.bfloat16
}

function runMany(name: string, inputs: tf.NamedTensorMap, attributes: object = {}): tf.Tensor[] {
  const outputs = tf.engine().runKernel(name, inputs, attributes as never) as tf.Tensor | tf.Tensor[]
  return [outputs].flat()
}
