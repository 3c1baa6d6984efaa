/** Gradients taken chunk by chunk are those of the whole batch, in less memory. */
import { type Module, valueAndGradients } from '@simclr/core'
import { formulaValues } from '@simclr/tools/testing'
import {
  add,
  concat,
  dispose,
  matMul,
  mean,
  mul,
  profile,
  type Scalar,
  slice,
  square,
  type Tensor,
  type Tensor2D,
  tanh,
  tensor2d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, it } from 'vitest'
import { cachedGradients } from './cached-gradients.ts'
import { ntXent } from './nt-xent.ts'

/** Dense layers with tanh between them. */
function perceptron(widths: readonly number[]): Module<Tensor2D, Tensor2D> & { weights: Variable[] } {
  const weights = widths
    .slice(1)
    .map((width, i) =>
      variable(tensor2d(formulaValues(40 + i, widths[i]! * width, 0, 0.3), [widths[i]!, width])),
    )
  return {
    weights,
    apply: (x) =>
      tidy(() =>
        weights.reduce(
          (rows, weight, i) => matMul(i === 0 ? rows : tanh(rows), weight as unknown as Tensor2D),
          x,
        ),
      ),
    parameters: () =>
      weights.map((value, i) => ({ name: `layer${i}`, role: 'kernel', value, trainable: true })),
    state: () => [],
    dispose: () => dispose(weights),
  }
}

const network = perceptron([12, 32, 16, 8])
afterAll(() => network.dispose())
const loss = (hidden: Tensor2D) => ntXent(hidden, { temperature: 0.2 })
const views = (pairs: number) => tensor2d(formulaValues(7, 2 * pairs * 12), [2 * pairs, 12])

describe('cachedGradients', () => {
  it.each([1, 2, 3, 7, 10, 50])('of 10 images in chunks of %i are those of all at once', (chunkImages) => {
    const x = views(10)
    const whole = valueAndGradients(() => loss(network.apply(x, { training: true })), network.weights)
    const { value, gradients, hidden } = cachedGradients({
      network,
      views: x,
      loss,
      variables: network.weights,
      chunkImages,
    })
    expect(hidden).toBeAllClose(network.apply(x, { training: true }).dataSync(), { absolute: 1e-6 })
    expect(value.dataSync()[0]).toBeCloseTo(whole.value.dataSync()[0]!, 5)
    gradients.forEach((gradient, i) => {
      expect(gradient).toBeAllClose(whole.gradients[i]!.dataSync(), { absolute: 1e-6, relative: 1e-5 })
    })
  })

  it('are not those of accumulated small batches, which have fewer negatives', () => {
    const x = views(10)
    const options = { network, views: x, variables: network.weights, chunkImages: 5 }
    const cached = cachedGradients({ ...options, loss }).gradients[0]!.dataSync()
    const halves = (hidden: Tensor2D) =>
      tidy(() => {
        const rows = (start: number) => slice(hidden, [start, 0], [5, -1])
        const lossOf = (start: number) => loss(concat([rows(start), rows(10 + start)]) as Tensor2D)
        return mul(add(lossOf(0), lossOf(5)), 0.5) as Scalar
      })
    const accumulated = cachedGradients({ ...options, loss: halves }).gradients[0]!.dataSync()
    expect(cached).not.toBeAllClose(accumulated, { relative: 0.05 })
  })

  it('hold the activations of one chunk', async () => {
    const deep = perceptron([12, 256, 256, 256, 256, 4])
    const x = views(512)
    const peak = async (run: () => unknown) => {
      const { peakBytes } = await profile(() => {
        tidy(() => void run())
        return x
      })
      return peakBytes
    }
    const squares = (hidden: Tensor2D) => mean(square(hidden)) as Scalar
    const options = { network: deep, views: x, loss: squares, variables: deep.weights }
    const whole = await peak(() => cachedGradients({ ...options, chunkImages: 512 }))
    const chunked = await peak(() => cachedGradients({ ...options, chunkImages: 32 }))
    deep.dispose()
    expect(chunked).toBeLessThan(whole / 2)
  })

  it('leak no tensors', () => {
    const x = views(6)
    expect(() => {
      const { value, gradients, hidden } = cachedGradients({
        network,
        views: x,
        loss,
        variables: network.weights,
        chunkImages: 4,
      })
      dispose([value, hidden, ...(gradients as Tensor[])])
    }).toLeakNoTensors()
  })

  it.each([
    [
      'an odd number of views',
      { views: tensor2d(formulaValues(1, 36), [3, 12]) },
      /views.*\[2N, …\].*\[3, 12\]/,
    ],
    ['chunks of no image', { chunkImages: 0 }, /chunkImages.*got 0/],
    ['a variable without influence', { variables: [variable(tensor2d([[1]]))] }, /used by the loss/],
  ])('refuse %s', (_, wrong, message) => {
    const options = { network, views: views(4), loss, variables: network.weights, chunkImages: 2 }
    expect(() => cachedGradients({ ...options, ...wrong })).toThrow(message)
  })
})
