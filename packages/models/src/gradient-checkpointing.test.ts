import { valueAndGradients } from '@simclr/core'
import {
  engine,
  memory,
  mul,
  type Scalar,
  sum,
  type Tensor4D,
  tensor,
  tidy,
  variable,
} from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { loadFormulaWeights } from './__fixtures__/golden-module.ts'
import { ResNet, type ResNetOptions } from './resnet.ts'

const size = 16
const pixels = Float32Array.from({ length: 4 * size * size * 3 }, (_, i) => ((i * 37) % 101) / 101)

/** An encoder whose every scale is above 0, so that nothing is hidden by a residual branch that gives 0. */
function build(options: ResNetOptions): ResNet {
  const encoder = new ResNet(options)
  loadFormulaWeights(
    encoder,
    [...encoder.parameters(), ...encoder.state()].map(({ name, value: { shape } }, seed) => {
      const kinds = { kernel: 'conv', beta: 'beta', gamma: 'gamma', moving_mean: 'mean' } as const
      const kind = kinds[name.split('.').at(-1) as keyof typeof kinds] ?? 'var'
      return { name, shape, kind, seed }
    }),
  )
  return encoder
}

/** Loss, all gradients and statistics after one step; and what is held when the forward pass is over. */
function step(options: ResNetOptions, training: boolean, differentiate: typeof valueAndGradients) {
  const encoder = build(options)
  const images = variable(tensor(pixels, [4, size, size, 3]))
  const before = memory().numBytes
  let held = 0
  const loss = () => {
    const features = encoder.apply(images as unknown as Tensor4D, { training })
    held = memory().numBytes - before
    const weights = tensor(
      Float32Array.from(features.dataSync(), (_, i) => (i % 5) - 2),
      features.shape,
    )
    return sum(mul(features, weights)) as Scalar
  }
  const variables = [images, ...encoder.parameters().map(({ value }) => value)]
  const result = tidy(() => {
    const { value, gradients } = differentiate(loss, variables)
    return [value, ...gradients, ...encoder.state().map(({ value: moved }) => moved)].map((t) =>
      t.dataSync<'float32'>(),
    )
  })
  images.dispose()
  encoder.dispose()
  return { result, held }
}

/** TensorFlow.js's own tape, which stays active during the backward pass. */
function ofTfjs(...[loss, variables]: Parameters<typeof valueAndGradients>) {
  const { value, grads } = engine().gradients(loss, [...variables])
  return { value, gradients: grads }
}

describe.each<[ResNetOptions, number]>([
  [{ depth: 18, width: 0.125, stem: 'cifar' }, 1e-5],
  // Selective kernels normalise over the four images alone, which magnifies rounding a thousandfold.
  [{ depth: 50, width: 0.0625, stem: 'cifar', selectiveKernelRatio: 0.0625 }, 2e-3],
  [{ depth: 18, width: 0.125, style: 'torchvision', frozen: true }, 1e-5],
])('%o', (options, relative) => {
  test.each([
    ['training', valueAndGradients],
    ['training', ofTfjs],
    ['inference', valueAndGradients],
  ] as const)('%s: same value, gradients and statistics, less held', (mode, differentiate) => {
    const training = mode === 'training'
    const plain = step(options, training, differentiate)
    const saving = step({ ...options, gradientCheckpointing: true }, training, differentiate)
    expect(saving.result.length).toBe(plain.result.length)
    saving.result.forEach((values, i) => {
      expect(values, String(i)).toBeAllClose(plain.result[i]!, { relative })
    })
    expect(saving.held).toBeLessThan(0.6 * plain.held)
  })
})

test('leaks nothing', () => {
  const encoder = build({ depth: 18, width: 0.0625, stem: 'cifar', gradientCheckpointing: true })
  const images = tensor(pixels, [4, size, size, 3]) as Tensor4D
  for (const training of [true, false]) {
    expect(() => encoder.apply(images, { training }).dispose()).toLeakNoTensors()
    expect(() => {
      const variables = encoder.parameters().map(({ value }) => value)
      const loss = () => sum(encoder.apply(images, { training })) as Scalar
      const { value, gradients } = valueAndGradients(loss, variables)
      for (const result of [value, ...gradients]) result.dispose()
    }).toLeakNoTensors()
  }
  images.dispose()
  encoder.dispose()
})
