/** Name maps: lists against built networks and golden 05, round trips, and what each error says. */
import { readGoldenJson } from '@simclr/tools/testing'
import { describe, expect, test } from 'vitest'
import type { SafetensorsArray } from '../files/safetensors.ts'
import type { WeightFile } from '../files/weight-file.ts'
import { ResNet } from '../resnet.ts'
import type { ResNetArchitectureOptions } from '../resnet-architecture.ts'
import { moduleWeights } from '../weights.ts'
import { encoderVariables } from './encoder-variables.ts'
import { importEncoder } from './import-encoder.ts'
import { inferArchitecture } from './infer-architecture.ts'
import { readEncoderWeights } from './read-encoder-weights.ts'
import { tensorflowNames } from './tensorflow-names.ts'
import { torchvisionWeights } from './torchvision-weights.ts'

const golden = readGoldenJson<{ variables: Record<string, [string, string, number[], string, boolean][]> }>(
  new URL('../__fixtures__/05_resnet_counts.json', import.meta.url),
)

function fileOf(arrays: ReadonlyMap<string, SafetensorsArray>): WeightFile {
  return { name: 'test', arrays, read: async (name) => arrays.get(name)! }
}

function renamed<T>(arrays: ReadonlyMap<string, T>, rename: (name: string) => string): Map<string, T> {
  return new Map([...arrays].map(([name, array]) => [rename(name), array]))
}

function shapesOf(architecture: ResNetArchitectureOptions, rename = (name: string, _i: number) => name) {
  return new Map(
    encoderVariables(architecture).map(({ name, shape }, i) => [
      rename(name, i),
      { dtype: 'F32', shape } as const,
    ]),
  )
}

const depths = [18, 34, 50, 101, 152, 200]
const stems = ['imagenet', 'cifar'] as const

test.each<ResNetArchitectureOptions>([
  { depth: 18, width: 0.125 },
  { depth: 34, width: 0.0625, stem: 'cifar', style: 'torchvision' },
  { depth: 50, width: 0.0625, style: 'torchvision' },
  { depth: 50, width: 0.0625, selectiveKernelRatio: 0.0625 },
  { depth: 18, width: 0.0625, selectiveKernelRatio: 0.0625 },
])('encoderVariables lists what ResNet %o builds', (architecture) => {
  const encoder = new ResNet(architecture)
  const variables = encoderVariables(architecture)
  const parameters = encoder.parameters().map(({ name, role, value }) => ({ name, shape: value.shape, role }))
  expect(variables.filter(({ role }) => role !== 'statistic')).toEqual(parameters)
  const state = encoder.state().map(({ name, value }) => ({ name, shape: value.shape, role: 'statistic' }))
  expect(variables.filter(({ role }) => role === 'statistic')).toEqual(state)
  encoder.dispose()
})

test.each([
  ['resnet50_1x_imagenet', { depth: 50 }],
  ['resnet18_1x_cifar', { depth: 18, stem: 'cifar' }],
] as const)('golden 05: the official names of %s', (key, architecture) => {
  const rows = golden.variables[key]!
  const variables = encoderVariables(architecture)
  expect(variables.map(({ name, shape }) => [name, shape])).toEqual(
    rows.map(([name, , shape]) => [name, shape]),
  )
  const arrays = new Map(rows.map(([, keras, shape]) => [keras, { dtype: 'F32', shape } as const]))
  const found = tensorflowNames.find(arrays)!
  const official = tensorflowNames.names(variables).map((name) => found.get(name!))
  expect(official).toEqual(rows.map(([, keras]) => keras))
  expect(inferArchitecture(arrays)).toMatchObject({ format: 'tensorflow', architecture })
})

describe.each(stems)('stem %s', (stem) => {
  test.each(depths)('ResNet-%i through torchvision names and back is bit-identical', async (depth) => {
    const encoder = new ResNet({ depth, stem, width: 1 / 32, style: 'torchvision' })
    const exported = await torchvisionWeights(encoder)
    const back = await importEncoder(fileOf(renamed(exported, (name) => `module.encoder_q.${name}`)))
    expect(back.options).toEqual(encoder.options)
    expect(await moduleWeights(back)).toEqual(await moduleWeights(encoder))
    encoder.dispose()
    back.dispose()
  })
})

test('every architecture is found again from its own and from TensorFlow names', () => {
  for (const depth of depths) {
    for (const stem of stems) {
      for (const [width, selectiveKernelRatio] of [
        [1, 0],
        [2, 0],
        [3, 0.0625],
        [0.25, 0.0625],
      ] as const) {
        if (depth < 50 && stem === 'cifar' && selectiveKernelRatio > 0) continue
        const architecture = { depth, stem, width, style: 'official' as const, selectiveKernelRatio }
        expect(inferArchitecture(shapesOf(architecture, (name) => `encoder.${name}`)).architecture).toEqual(
          architecture,
        )
        const names = tensorflowNames.names(encoderVariables(architecture))
        const found = inferArchitecture(shapesOf(architecture, (_, i) => names[i]!))
        expect(found).toEqual({ format: 'tensorflow', architecture })
      }
    }
  }
})

test("lightly's numbers and a projection head", async () => {
  const encoder = new ResNet({ depth: 18, width: 1 / 16, style: 'torchvision' })
  const numbered = renamed(await torchvisionWeights(encoder), (name) =>
    `backbone.${name}`
      .replace('.conv1.weight', (match, at: number) => (at === 8 ? '.0.weight' : match))
      .replace(/^backbone\.bn1/, 'backbone.1')
      .replace(/^backbone\.layer(\d)/, (_, layer) => `backbone.${Number(layer) + 3}`),
  )
  numbered.set('projection_head.layers.0.weight', { dtype: 'F32', shape: [1], values: new Float32Array(1) })
  const { ignored, architecture } = readEncoderWeights(fileOf(numbered))
  expect(ignored).toEqual(['projection_head.layers.0.weight'])
  expect(architecture).toEqual(encoder.options)
  encoder.dispose()
})

test('TensorFlow: heads, slots and the step are ignored', () => {
  const names = tensorflowNames.names(encoderVariables({ depth: 18 }))
  const arrays = shapesOf({ depth: 18 }, (_, i) => names[i]!) as Map<
    string,
    { dtype: 'F32'; shape: number[] }
  >
  const others = [
    'global_step',
    'base_model/conv2d/kernel/Momentum',
    'head_supervised/linear_layer/dense/kernel',
    'head_contrastive/nl_0/batch_normalization/gamma',
    'projection_head/nl_0/batch_norm_relu_20/batch_normalization_20/gamma',
  ]
  for (const name of others) arrays.set(name, { dtype: 'F32', shape: [1] })
  const file = { name: 'test', arrays, read: () => Promise.reject(new Error('not read')) }
  expect(readEncoderWeights(file).ignored).toEqual(others)
})

test('errors list what differs, and what is known', async () => {
  const encoder = new ResNet({ depth: 18, width: 1 / 16, style: 'torchvision' })
  const file = fileOf(await torchvisionWeights(encoder))
  encoder.dispose()
  const wrong = () =>
    readEncoderWeights(file, { architecture: { depth: 34, width: 1 / 8, style: 'torchvision' } })
  expect(wrong).toThrow(/conv1\.weight is \[4, 3, 7, 7\], not \[8, 3, 7, 7\].*and \d+ more/s)
  expect(() => inferArchitecture(new Map([['x', { dtype: 'F32', shape: [1] }]]))).toThrow(
    /simclr, torchvision, tensorflow, got 1 arrays: x/,
  )
  const official = new ResNet({ depth: 18, width: 1 / 16 })
  await expect(torchvisionWeights(official)).rejects.toThrow(/style 'torchvision'/)
  official.dispose()
})
