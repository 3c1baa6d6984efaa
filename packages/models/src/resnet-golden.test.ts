/**
 * ResNet against the official implementation: features, gradients and moving statistics of golden 05.
 *
 * Where rounding puts one ReLU input on the other side of 0 (some 1.5 million inputs, a few within 1e-6 of 0), the
 * gradients before it change by up to 1e-2; otherwise they agree to 1e-5. A wrong formula changes them by 1e-1 or more.
 * Selective kernels in training normalise over the four images of the batch alone, which magnifies rounding: there the
 * official float32 gradients are up to 1.7e-2 from its float64 ones, its features 2e-5 with synchronised statistics,
 * and changing the pixels by 3e-7 changes our gradients by 1e-2.
 */
import { formulaUnit, formulaValues, readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import { mul, sum, type Tensor4D, tensor, tidy, variable, variableGrads } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type GoldenVariable,
  loadFormulaWeights,
  norm,
  variablesByName,
} from './__fixtures__/golden-module.ts'
import { ResNet } from './resnet.ts'

interface Pass {
  readonly loss_float64: number
  readonly input_grad_l2: number
  /** How far synchronised statistics, another order of summation, move the official features. */
  readonly check_features_rel_diff_syncbn_vs_bn: number
  readonly grad_norms: Record<string, [l2: number, sum: number, relativeError: number]>
}

interface Case {
  readonly depth: number
  readonly sk_ratio: number
  readonly cifar_stem: boolean
  readonly input_shape: [number, number, number, number]
  readonly input_seed: number
  readonly feature_weight_seed: number
  readonly variables: [string, number[], GoldenVariable['kind'], number, number, number[]][]
  readonly inference: Pass
  readonly training: Pass
  readonly moving_after_one_training_step: Record<string, [mean: number, l2: number]>
}

const cases = readGoldenJson<Record<string, Case>>(
  new URL('./__fixtures__/05_resnet_forward.json', import.meta.url),
)
const arrays = readGoldenArrays(new URL('./__fixtures__/05_resnet_forward.safetensors', import.meta.url))

describe.each(Object.keys(cases))('%s', (name) => {
  const golden = cases[name]!
  const variables = golden.variables.map(([name, shape, kind, seed]) => ({ name, shape, kind, seed }))
  const size = golden.input_shape.reduce((a, b) => a * b, 1)
  const pixels = Float32Array.from({ length: size }, (_, i) => formulaUnit(golden.input_seed, i))
  let encoder: ResNet

  beforeAll(() => {
    encoder = new ResNet({
      depth: golden.depth,
      stem: golden.cifar_stem ? 'cifar' : 'imagenet',
      selectiveKernelRatio: golden.sk_ratio,
    })
  })
  afterAll(() => encoder.dispose())

  test.each(['inference', 'training'] as const)('%s: features, loss and every gradient', (mode) => {
    loadFormulaWeights(encoder, variables)
    const expected = golden[mode]
    const images = variable(tensor(pixels, golden.input_shape))
    let features: Float32Array | undefined

    const { value, grads } = variableGrads(() =>
      tidy(() => {
        const output = encoder.apply(images as unknown as Tensor4D, { training: mode === 'training' })
        features = output.dataSync<'float32'>()
        const weights = formulaValues(golden.feature_weight_seed, output.size)
        return sum(mul(output, tensor(weights, output.shape)))
      }),
    )

    const { values: exact } = arrays.get(`${name}.${mode}.features_f64rounded`)!
    const featureTolerance = 2e-5 + 3 * expected.check_features_rel_diff_syncbn_vs_bn
    expect(features).toBeAllClose(exact, { relative: featureTolerance })
    expect(Math.abs(value.dataSync()[0]! - expected.loss_float64)).toBeLessThan(
      featureTolerance * norm(exact),
    )

    const gradients = new Map(
      encoder
        .parameters()
        .map((parameter) => [parameter.name, grads[parameter.value.name]!.dataSync<'float32'>()]),
    )
    expect([...gradients.keys()]).toEqual(Object.keys(expected.grad_norms))
    const officialErrors = Object.values(expected.grad_norms).map(([, , relativeError]) => relativeError)
    const tolerance = Math.max(6e-3, 3 * Math.max(...officialErrors))
    for (const [parameter, [l2, total]] of Object.entries(expected.grad_norms)) {
      const gradient = gradients.get(parameter)!
      expect(Math.abs(norm(gradient) / l2 - 1), `norm of ${parameter}`).toBeLessThan(tolerance / 3)
      const difference = Math.abs(gradient.reduce((a, b) => a + b, 0) - total)
      expect(difference, `sum of ${parameter}`).toBeLessThan(tolerance * l2 * Math.sqrt(gradient.length))
      const stored = arrays.get(`${name}.${mode}.grad.${parameter}`)
      if (stored !== undefined)
        expect(distance(gradient, stored.values), parameter).toBeLessThan(tolerance * l2)
    }
    expect(norm(grads[images.name]!.dataSync()) / expected.input_grad_l2).toBeCloseTo(1, 2)

    value.dispose()
    for (const gradient of Object.values(grads)) gradient.dispose()
    images.dispose()
  })

  test('training moves every moving statistic once', () => {
    loadFormulaWeights(encoder, variables)
    const images = tensor(pixels, golden.input_shape) as Tensor4D
    encoder.apply(images, { training: true }).dispose()
    images.dispose()

    const state = variablesByName(encoder)
    const moved = Object.entries(golden.moving_after_one_training_step)
    expect(moved.map(([variable]) => variable)).toEqual(encoder.state().map(({ name }) => name))
    for (const [variable, [, l2]] of moved) {
      const values = state.get(variable)!.dataSync()
      expect(Math.abs(norm(values) / l2 - 1), variable).toBeLessThan(1e-5)
      const stored = arrays.get(`${name}.moving_after.${variable}`)
      if (stored !== undefined) expect(values).toBeAllClose(stored.values, { absolute: 1e-5 })
    }
  })
})

function distance(a: Float32Array, b: ArrayLike<number>): number {
  return norm(a.map((value, i) => value - b[i]!))
}
