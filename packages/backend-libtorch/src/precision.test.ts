import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LibtorchBackend } from './libtorch-backend.ts'
import { liveHandles } from './register-libtorch.ts'

const hasLibtorch = tf.getBackend() === 'libtorch'

/** Convolution, batch normalisation with residual and ReLU, max pooling, and the gradients of all of it. */
function computeAll(): { loss: number; gradients: Float32Array[]; bytes: number } {
  const images = tf.tensor4d(values(2 * 8 * 8 * 3, 1), [2, 8, 8, 3])
  const filters = [
    tf.tensor4d(values(3 * 3 * 3 * 8, 2), [3, 3, 3, 8]),
    tf.tensor4d(values(3 * 3 * 8 * 8, 3), [3, 3, 8, 8]),
  ]
  const run = (first: tf.Tensor, second: tf.Tensor): tf.Scalar => {
    const x = normalise(tf.conv2d(images, first as tf.Tensor4D, 1, 'same'))
    const y = normalise(tf.conv2d(x, second as tf.Tensor4D, 1, 'same'), x)
    const pooled = tf.maxPool(tf.add(x, y) as tf.Tensor4D, 2, 2, 'valid')
    return tf.mean(tf.square(tf.mean(pooled, [1, 2])))
  }
  const gradients = tf.grads(run)(filters)
  const loss = run(filters[0]!, filters[1]!)
  const activation = tf.conv2d(images, filters[0]!, 1, 'same')
  const { torch } = tf.backend() as LibtorchBackend
  const stored = (tf.backend() as LibtorchBackend).data.get(activation.dataId)
  const bytes = torch.dataType(stored.handle!) === torch.abi.dataTypes.bfloat16 ? 2 : 4
  return {
    loss: loss.dataSync()[0]!,
    gradients: gradients.map((gradient) => gradient.dataSync<'float32'>()),
    bytes,
  }
}

/** Batch normalisation and ReLU by the kernels of this package. */
const normalise = (x: tf.Tensor4D, residual?: tf.Tensor4D): tf.Tensor4D =>
  tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc
    const inputs = { x, ...(residual === undefined ? {} : { residual }) }
    const [y, mean, inverseDeviation] = tf
      .engine()
      .runKernel<tf.Tensor[]>('BatchNormTraining', inputs, { epsilon: 1e-5, relu: true })
    save([x, y!, mean!, inverseDeviation!])
    const gradFunc = (dy: tf.Tensor, [x, y, mean, inverseDeviation]: tf.Tensor[]): tf.Tensor[] => {
      const [dx, , , dresidual] = tf
        .engine()
        .runKernel<tf.Tensor[]>(
          'BatchNormTrainingGrad',
          { dy, y: y!, x: x!, mean: mean!, inverseDeviation: inverseDeviation! },
          { epsilon: 1e-5, relu: true, hasResidual: residual !== undefined },
        )
      return residual === undefined ? [dx!] : [dx!, dresidual!]
    }
    return { value: y as tf.Tensor4D, gradFunc }
  })(...(residual === undefined ? [x] : [x, residual])) as tf.Tensor4D

function values(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(seed + 1.7 * i) + 0.3 * Math.cos(0.37 * i * seed))
}

describe.skipIf(!hasLibtorch)('bf16 (libtorch was not found: nothing to test)', () => {
  beforeAll(() => {
    const { torch } = tf.backend() as LibtorchBackend
    tf.registerBackend('libtorch-bf16', () => new LibtorchBackend(torch, 'bf16', undefined))
    tf.copyRegisteredKernels('libtorch', 'libtorch-bf16')
  })
  afterAll(async () => {
    await tf.setBackend('libtorch')
    tf.removeBackend('libtorch-bf16')
  })

  it('keeps activations in half the memory, and loss and gradients near those of float32', async () => {
    const exact = tf.tidy(computeAll as never) as unknown as ReturnType<typeof computeAll>
    await tf.setBackend('libtorch-bf16')
    const short = tf.tidy(computeAll as never) as unknown as ReturnType<typeof computeAll>
    expect([exact.bytes, short.bytes]).toEqual([4, 2])
    expect(Math.abs(short.loss / exact.loss - 1)).toBeLessThan(1e-2)
    short.gradients.forEach((gradient, i) => {
      expect(cosine(gradient, exact.gradients[i]!)).toBeGreaterThan(0.99)
    })
  })

  it('computes everything but convolutions in float32, and frees the copies', async () => {
    await tf.setBackend('libtorch-bf16')
    const before = liveHandles()
    tf.tidy(() => {
      const x = tf.tensor4d(values(64, 5), [1, 4, 4, 4])
      const y = tf.conv2d(x, tf.tensor4d(values(16, 6), [1, 1, 4, 4]), 1, 'same')
      const total = y.dataSync<'float32'>().reduce((partial, value) => partial + value, 0)
      expect(tf.sum(y).dataSync()[0]!).toBeCloseTo(total, 4)
      const product = tf.matMul(tf.tensor2d([[1.0009765625]]), tf.tensor2d([[1]]))
      expect(product.dataSync()[0]).toBe(1.0009765625)
    })
    expect(liveHandles()).toBe(before)
  })
})

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}
