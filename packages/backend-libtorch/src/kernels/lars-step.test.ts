/** The kernel of a LARS step beside the equations of `lars`, computed in float64. */
import { formulaValues } from '@simclr/tools/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from '../__fixtures__/testing-library.ts'
import { registerLibtorch } from '../register-libtorch.ts'

const numbers = { learningRate: 0.3, momentum: 0.9, weightDecay: 0.01, trustCoefficient: 0.1 }

function step(tensors: readonly tf.Tensor[], adapted: readonly boolean[]): tf.Tensor[] {
  const inputs = tensors as unknown as tf.NamedTensorMap
  return tf.engine().runKernel('LarsStep', inputs, { ...numbers, adapted } as never)
}

/** w' and v', element by element. */
function expected(w: Float32Array, g: Float32Array, v: Float32Array, adapted: boolean) {
  const { learningRate, momentum, weightDecay, trustCoefficient } = numbers
  const decayed = Array.from(g, (x, i) => x + (adapted ? weightDecay * w[i]! : 0))
  const norm = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x))
  const isScaled = adapted && norm(w) > 0 && norm(decayed) > 0
  const scale = learningRate * (isScaled ? (trustCoefficient * norm(w)) / norm(decayed) : 1)
  const velocity = Array.from(v, (x, i) => momentum * x + scale * decayed[i]!)
  return { weights: Array.from(w, (x, i) => x - velocity[i]!), velocity }
}

const library = testingLibrary()
describe.skipIf(library === undefined)('LarsStep (skipped without libtorch)', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  const size = 3 * 3 * 4 * 5
  const draw = (seed: number): Float32Array => formulaValues(seed, size)
  const zeros = new Float32Array(size)
  const opposite = draw(1).map((x, i) => -numbers.weightDecay * x + 1e-4 * draw(2)[i]!)

  it.each([
    ['a kernel', draw(1), draw(2), draw(3), true],
    ['a bias', draw(1), draw(2), draw(3), false],
    ['weights of zero', zeros, draw(2), draw(3), true],
    ['a gradient of zero', draw(1), zeros, draw(3), true],
    ['weights and gradient of zero', zeros, zeros, draw(3), true],
    ['the first step', draw(1), draw(2), zeros, true],
    ['a gradient that the decay cancels', draw(1), opposite, zeros, true],
  ])('%s', (_, w, g, v, adapted) => {
    const tensors = [w, g, v].map((values) => tf.tensor(values, [3, 3, 4, 5]))
    const [weights, velocity] = step(tensors, [adapted])
    const exact = expected(w, g, v, adapted)
    expect(weights).toBeAllClose(exact.weights, { absolute: 1e-6, relative: 1e-5 })
    expect(velocity).toBeAllClose(exact.velocity, { absolute: 1e-6, relative: 1e-5 })
  })

  it('takes filters whose memory a convolution has turned, and gradients in another order', () => {
    const filter = tf.tensor4d(draw(1), [3, 3, 4, 5])
    tf.conv2d(tf.ones([1, 6, 6, 4]) as tf.Tensor4D, filter, 1, 'same').dispose()
    const turned = tf.transpose(tf.tensor(draw(2), [5, 4, 3, 3]), [2, 3, 1, 0])
    const [weights] = step([filter, turned, tf.tensor(zeros, [3, 3, 4, 5])], [true])
    const exact = expected(draw(1), turned.dataSync<'float32'>(), zeros, true)
    expect(weights).toBeAllClose(exact.weights, { absolute: 1e-6 })
  })

  it('leaves alone what others hold: clones, views, and results of the step before', () => {
    const w = tf.variable(tf.tensor(draw(1), [size]))
    const g = tf.tensor(draw(2), [size])
    const v = tf.variable(tf.tensor(zeros, [size]))
    const update = () => {
      const [weights, velocity] = step([w, g, v], [true])
      w.assign(weights as typeof w)
      v.assign(velocity as typeof v)
      tf.dispose([weights!, velocity!])
    }
    update()
    const held = [w.clone(), tf.reshape(w, [size / 5, 5]), v.clone()]
    const before = held.map((tensor) => tensor.dataSync().slice())
    const [source] = [w.dataSync().slice()]
    update()
    update()
    held.forEach((tensor, i) => {
      expect(tensor).toBeAllClose(before[i]!)
    })
    expect(w).not.toBeAllClose(source)
    expect(g).toBeAllClose(draw(2))
  })

  it('refuses a number of tensors that is not three per parameter', () => {
    expect(() => step([tf.ones([2]), tf.ones([2])], [true])).toThrow(/Three tensors per parameter.* 3, got 2/)
  })
})
