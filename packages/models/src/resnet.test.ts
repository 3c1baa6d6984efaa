import { readGoldenJson } from '@simclr/tools/testing'
import {
  ones,
  randomUniform,
  sum,
  type Tensor4D,
  tensor,
  tidy,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test } from 'vitest'
import { closedFormCounts } from './__fixtures__/closed-form-counts.ts'
import { variablesByName } from './__fixtures__/golden-module.ts'
import { ResNet, type ResNetOptions } from './resnet.ts'
import type { StemType } from './stem.ts'
import { moduleWeights } from './weights.ts'

type CountsRow = [
  depth: number,
  width: number,
  selectiveKernelRatio: number,
  stem: StemType,
  size: number,
  trainable: number,
  total: number,
  variables: number,
  convolutions: number,
  multiplyAdds: number,
  featureWidth: number,
]

const goldenCounts = readGoldenJson<{
  rows: CountsRow[]
  variables: Record<string, [name: string, official: string, shape: number[], kind: string, boolean][]>
}>(new URL('./__fixtures__/05_resnet_counts.json', import.meta.url))
const rows = goldenCounts.rows.filter(([, , ratio]) => ratio === 0)

const small = { depth: 18, width: 0.125, stem: 'cifar' } as const
let built: ResNet[] = []
function build(options: ResNetOptions): ResNet {
  const encoder = new ResNet(options)
  built.push(encoder)
  return encoder
}
afterEach(() => {
  for (const encoder of built) encoder.dispose()
  built = []
})

describe('counts of golden 05', () => {
  test.each(rows)('closed form from the variant table: ResNet-%d %dx', (...row) => {
    const [depth, width, , stem, size, trainable, total, variables, convolutions, multiplyAdds, features] =
      row
    expect(closedFormCounts({ depth, width, stem, size })).toEqual({
      trainable,
      total,
      variables,
      convolutions,
      multiplyAdds,
      featureWidth: features,
    })
  })

  const buildable = rows.filter(([depth, width]) => depth <= 50 && width === 1)
  test.each(buildable)('built: ResNet-%d %dx', (...row) => {
    const [depth, width, , stem, , trainable, total, variables, convolutions, , featureWidth] = row
    const encoder = build({ depth, width, stem })
    const parameters = encoder.parameters()
    const sizeOf = (list: { value: { size: number } }[]) =>
      list.reduce((sum, { value }) => sum + value.size, 0)
    expect(sizeOf(parameters)).toBe(trainable)
    expect(sizeOf([...parameters, ...encoder.state()])).toBe(total)
    expect(parameters.length + encoder.state().length).toBe(variables)
    expect(parameters.filter(({ role }) => role === 'kernel')).toHaveLength(convolutions)
    expect(encoder.featureWidth).toBe(featureWidth)
  })

  test.each([101, 152, 200])('built narrow: ResNet-%d has the variables of the full one', (depth) => {
    const encoder = build({ depth, width: 1 / 16 })
    const [, , , , , , , variables, convolutions] = rows.find(([d, w]) => d === depth && w === 1)!
    expect(encoder.parameters().length + encoder.state().length).toBe(variables)
    expect(encoder.parameters().filter(({ role }) => role === 'kernel')).toHaveLength(convolutions)
    const { trainable } = closedFormCounts({ depth, width: 1 / 16, stem: 'imagenet', size: 64 })
    expect(encoder.parameters().reduce((total, { value }) => total + value.size, 0)).toBe(trainable)
  })

  test.each([
    ['resnet50_1x_imagenet', 50, 'imagenet'],
    ['resnet18_1x_cifar', 18, 'cifar'],
  ] as const)('names, shapes and order of %s', (name, depth, stem) => {
    const variables = goldenCounts.variables[name]!
    const encoder = build({ depth, stem })
    const select = (wanted: boolean) =>
      variables
        .filter(([, , , , trainable]) => trainable === wanted)
        .map(([name, , shape]) => ({ name, shape }))
    const found = (list: { name: string; value: { shape: number[] } }[]) =>
      list.map(({ name, value }) => ({ name, shape: value.shape }))
    expect(found(encoder.parameters())).toEqual(select(true))
    expect(found(encoder.state())).toEqual(select(false))
  })
})

describe('initialisation', () => {
  test('a kernel does not depend on depth or stem, and changes with the seed', () => {
    const kernel = (options: ResNetOptions) =>
      variablesByName(build({ ...small, ...options }))
        .get('group2.block1.conv1.kernel')!
        .dataSync()
    const reference = kernel({ depth: 18 })
    expect(kernel({ depth: 34, stem: 'imagenet' })).toEqual(reference)
    expect(kernel({ depth: 18, seed: 1 })).not.toEqual(reference)
  })

  test('the scale of the last normalisation of each residual block starts at 0, all others at 1', () => {
    for (const { name, role, value } of build({ ...small, depth: 50 }).parameters()) {
      if (role !== 'scale') continue
      const last = /^group\d\.block\d\.bn3/.test(name)
      expect(value, name).toBeAllClose(new Float32Array(value.size).fill(last ? 0 : 1))
    }
  })
})

describe('apply', () => {
  const images = () =>
    tensor(
      new Float32Array(2 * 32 * 32 * 3).map((_, i) => (i % 97) / 97),
      [2, 32, 32, 3],
    ) as Tensor4D

  test('any image size gives features of the same width', () => {
    const encoder = build({ ...small, stem: 'imagenet', width: 0.25 })
    tidy(() => {
      for (const size of [33, 64]) {
        const features = encoder.apply(zeros([2, size, size + 7, 3]), { training: false })
        expect(features.shape).toEqual([2, 128])
      }
    })
  })

  test.each([true, false])('training %s leaks nothing, with and without gradients', (training) => {
    const encoder = build(small)
    const x = images()
    expect(() => encoder.apply(x, { training }).dispose()).toLeakNoTensors()
    expect(() => {
      const { value, grads } = variableGrads(() => sum(encoder.apply(x, { training })))
      value.dispose()
      for (const gradient of Object.values(grads)) gradient.dispose()
    }).toLeakNoTensors()
    x.dispose()
  })

  test('building and disposing leaks nothing', () => {
    expect(() => new ResNet(small).dispose()).toLeakNoTensors()
  })

  test('inference changes no variable; training within variableGrads moves statistics as without', async () => {
    const x = images()
    const plain = build(small)
    const before = await moduleWeights(plain)
    plain.apply(x, { training: false }).dispose()
    expect(await moduleWeights(plain)).toEqual(before)

    plain.apply(x, { training: true }).dispose()
    const taped = build(small)
    tidy(() => variableGrads(() => sum(taped.apply(x, { training: true }))))
    const plainState = plain.state()
    taped.state().forEach(({ name, value }, i) => {
      expect(value, name).toBeAllClose(plainState[i]!.value.dataSync(), { relative: 1e-6 })
    })
    expect(await moduleWeights(plain)).not.toEqual(before)
    x.dispose()
  })

  test('a frozen encoder never moves, has nothing to train, and trains as it infers', async () => {
    const encoder = build({ ...small, frozen: true })
    const before = await moduleWeights(encoder)
    tidy(() => {
      const x = images()
      const training = encoder.apply(x, { training: true })
      expect(training).toBeAllClose(encoder.apply(x, { training: false }).dataSync())
    })
    expect(await moduleWeights(encoder)).toEqual(before)
    expect(encoder.parameters().some(({ trainable, value }) => trainable || value.trainable)).toBe(false)
  })
})

describe('bad input', () => {
  test.each([
    [{ depth: 19 }, /ResNet: depth: must be one of 18, 34, 50, 101, 152, 200, got 19/],
    [{ depth: 18, width: 0 }, /ResNet: width: must be a positive number, got 0/],
    [{ depth: 18, stem: 'mnist' as StemType }, /ResNet: stem: must be 'imagenet' or 'cifar', got "mnist"/],
  ])('%o', (options, message) => {
    expect(() => new ResNet(options)).toThrow(message)
  })

  test('images of another shape, and a single value per channel in training', () => {
    const encoder = build({ ...small, width: 1 / 16 })
    tidy(() => {
      const gray = ones([1, 8, 8, 1]) as Tensor4D
      expect(() => encoder.apply(gray, { training: false })).toThrow(
        /ResNet: images: .* got shape \[1, 8, 8, 1\]/,
      )
      const one = randomUniform([1, 8, 8, 3], 0, 1, 'float32', 1) as Tensor4D
      expect(() => encoder.apply(one, { training: true })).toThrow(
        /batchNormTraining: x: must be at least two rows/,
      )
    })
  })
})
