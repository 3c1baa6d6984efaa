import { readGoldenJson } from '@simclr/tools/testing'
import {
  buffer,
  dispose,
  mean,
  ones,
  randomUniform,
  slice,
  sum,
  type Tensor4D,
  tensor,
  tidy,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test } from 'vitest'
import { goldenCounts } from './__fixtures__/golden-counts.ts'
import { variablesByName } from './__fixtures__/golden-module.ts'
import { ResNet, type ResNetOptions } from './resnet.ts'
import type { ResNetStyle } from './resnet-architecture.ts'
import type { StemType } from './stem.ts'
import { moduleWeights } from './weights.ts'

const { rows } = goldenCounts
const { variables: forwardVariables } = readGoldenJson<
  Record<string, { variables: [name: string, shape: number[]][] }>
>(new URL('./__fixtures__/05_resnet_forward.json', import.meta.url)).r50sk_imagenet_64_b4!

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

describe('variables of golden 05', () => {
  const sizeOf = (list: { value: { size: number } }[]) => list.reduce((sum, { value }) => sum + value.size, 0)

  const buildable = rows.filter(([depth, width]) => depth <= 50 && width === 1)
  test.each(buildable)('built: ResNet-%d %dx, ratio %d, %s', (...row) => {
    const [depth, width, selectiveKernelRatio, stem, , trainable, total, variables, convolutions] = row
    const encoder = build({ depth, width, stem, selectiveKernelRatio })
    const parameters = encoder.parameters()
    expect(sizeOf(parameters)).toBe(trainable)
    expect(sizeOf([...parameters, ...encoder.state()])).toBe(total)
    expect(parameters.length + encoder.state().length).toBe(variables)
    expect(parameters.filter(({ role }) => role === 'kernel')).toHaveLength(convolutions)
    expect(encoder.featureWidth).toBe(row[10])
  })

  const deep = rows.filter(([depth, width]) => depth > 50 && width === 1)
  test.each(deep)('built narrow: ResNet-%d %dx, ratio %d, %s', (...row) => {
    const [depth, , selectiveKernelRatio, stem, , , , variables, convolutions] = row
    const encoder = build({ depth, width: 1 / 16, stem, selectiveKernelRatio })
    expect(encoder.parameters().length + encoder.state().length).toBe(variables)
    expect(encoder.parameters().filter(({ role }) => role === 'kernel')).toHaveLength(convolutions)
  })

  const lists: [string, ResNetOptions, (readonly [string, readonly number[], boolean])[]][] = [
    ...Object.entries({
      resnet50_1x_imagenet: { depth: 50 },
      resnet18_1x_cifar: { depth: 18, stem: 'cifar' as const },
    }).map(([name, options]): (typeof lists)[number] => [
      name,
      options,
      goldenCounts.variables[name]!.map(([name, , shape, , trainable]) => [name, shape, trainable]),
    ]),
    [
      'r50sk_imagenet_64_b4',
      { depth: 50, selectiveKernelRatio: 0.0625 },
      forwardVariables.map(([name, shape]) => [name, shape, !/\.moving_(mean|variance)$/.test(name)]),
    ],
  ]
  test.each(lists)('names, shapes and order of %s', (_, options, variables) => {
    const encoder = build(options)
    const select = (wanted: boolean) =>
      variables.filter(([, , trainable]) => trainable === wanted).map(([name, shape]) => ({ name, shape }))
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

  test.each([33, 64])('stages halve the image, and the mean of the last is the features, %d px', (size) => {
    for (const options of [
      { ...small, stem: 'imagenet' },
      { ...small, depth: 50, selectiveKernelRatio: 1 },
    ] as const) {
      const encoder = build(options)
      const first = options.stem === 'imagenet' ? 4 : 1
      const expansion = options.depth === 50 ? 4 : 1
      tidy(() => {
        const x = randomUniform([2, size, size + 6, 3], 0, 1, 'float32', 1) as Tensor4D
        const stages = encoder.stages(x, { training: false })
        expect(stages.map(({ shape }) => shape)).toEqual(
          [0, 1, 2, 3, 4].map((stage) => {
            const shrink = first * 2 ** Math.max(stage - 1, 0)
            const width = stage === 0 ? 8 : 8 * 2 ** (stage - 1) * expansion
            return [2, Math.ceil(size / shrink), Math.ceil((size + 6) / shrink), width]
          }),
        )
        const features = encoder.apply(x, { training: false })
        expect(mean(stages[4]!, [1, 2])).toBeAllClose(features.dataSync(), { relative: 1e-6 })
      })
    }
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

  test('stages leaks only its results', () => {
    const encoder = build(small)
    const x = images()
    expect(() => dispose(encoder.stages(x, { training: true }))).toLeakNoTensors()
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

describe("torchvision's style", () => {
  const style = 'torchvision'

  test('the first group of a ResNet-18 has no projection, all else the same names', () => {
    const names = (options: ResNetOptions) => [...variablesByName(build({ ...small, ...options })).keys()]
    const without = names({ depth: 18 }).filter((name) => !name.startsWith('group1.block0.shortcut'))
    expect(names({ depth: 18, style })).toEqual(without)
    expect(names({ depth: 50, style })).toEqual(names({ depth: 50 }))
  })

  test('the max pool of the stem is centred on even pixels', () => {
    // The 7×7 convolution passes pixel (2y, 2x) on, so the pool sees rows 0, 2, 4, … of the ramp.
    const encoder = build({ depth: 18, width: 1 / 64, style })
    const official = build({ depth: 18, width: 1 / 64 })
    tidy(() => {
      const kernel = buffer([7, 7, 3, 1])
      kernel.set(1, 3, 3, 0, 0)
      const ramp = tensor(
        Float32Array.from({ length: 16 * 16 * 3 }, (_, i) => 1 + Math.floor(i / 48)),
        [1, 16, 16, 3],
      ) as Tensor4D
      const rows = [encoder, official].map((network) => {
        variablesByName(network).get('stem.conv1.kernel')!.assign(kernel.toTensor())
        return slice(network.stages(ramp, { training: false })[0]!, [0, 0, 0, 0], [1, 4, 1, 1])
      })
      // Windows of rows {·, 0, 1}, {1, 2, 3}, … of the halved image, and {0, 1, 2}, {2, 3, 4}, …, {6, 7, ·}.
      expect(rows[0]!).toBeAllClose([3, 7, 11, 15], { relative: 1e-4 })
      expect(rows[1]!).toBeAllClose([5, 9, 13, 15], { relative: 1e-4 })
    })
  })
})

test('options tell the architecture with its defaults', () => {
  expect(build({ depth: 18, width: 1 / 16, seed: 3, frozen: true }).options).toEqual({
    depth: 18,
    width: 1 / 16,
    stem: 'imagenet',
    style: 'official',
    selectiveKernelRatio: 0,
  })
})

describe('bad input', () => {
  test.each<[ResNetOptions, RegExp]>([
    [{ depth: 19 }, /ResNet: depth: must be one of 18, 34, 50, 101, 152, 200, got 19/],
    [{ depth: 18, width: 0 }, /ResNet: width: must be a positive number, got 0/],
    [{ depth: 18, style: 'timm' as ResNetStyle }, /ResNet: style: must be 'official' or .* got "timm"/],
    [{ depth: 18, selectiveKernelRatio: -1 }, /ResNet: selectiveKernelRatio: .* between 0 and 1, got -1/],
    [
      { depth: 50, selectiveKernelRatio: 0.0625, style: 'torchvision' },
      /ResNet: selectiveKernelRatio: must be 0 with style 'torchvision'.* got 0.0625/,
    ],
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
