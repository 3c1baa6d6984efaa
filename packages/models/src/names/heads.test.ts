/** Heads out of weight files: golden 06 under its official names, PyTorch's conventions, and what is refused. */
import { formulaValues, type GoldenArray, readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import { memory, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { withFormulaWeights } from '../__fixtures__/formula-module.ts'
import { type GoldenVariable, loadFormulaWeights } from '../__fixtures__/golden-module.ts'
import type { SafetensorsArray } from '../files/safetensors.ts'
import type { WeightFile } from '../files/weight-file.ts'
import { LinearHead } from '../linear-head.ts'
import { ProjectionHead } from '../projection-head.ts'
import { moduleWeights, type Weights } from '../weights.ts'
import { importLinearHead } from './import-linear-head.ts'
import { importProjectionHead } from './import-projection-head.ts'
import { pytorchShape, toPytorchLayout } from './pytorch-layout.ts'

interface GoldenHead {
  readonly name: string
  readonly num_layers: number
  readonly in_dim: number
  readonly out_dim: number
  readonly variables: readonly (GoldenVariable & { official: string })[]
}

const { heads } = readGoldenJson<{ heads: GoldenHead[] }>(
  new URL('../__fixtures__/06_projection_head.json', import.meta.url),
)
const goldens = readGoldenArrays(new URL('../__fixtures__/06_projection_head.safetensors', import.meta.url))

function fileOf(arrays: ReadonlyMap<string, SafetensorsArray>): WeightFile {
  return { name: 'test', arrays, read: async (name) => arrays.get(name)! }
}

function renamed(arrays: Weights, rename: (name: string) => string): Weights {
  return new Map([...arrays].map(([name, array]) => [rename(name), array]))
}

/** In reverse, so that no reader gets away with the order of the file. */
function reversed(arrays: Weights): Weights {
  return new Map([...arrays].reverse())
}

function f32(shape: number[], seed = 1): SafetensorsArray {
  return {
    dtype: 'F32',
    shape,
    values: formulaValues(
      seed,
      shape.reduce((a, b) => a * b, 1),
    ),
  }
}

function upload({ values, shape }: GoldenArray): Tensor2D {
  return tensor2d(values, shape as [number, number], 'float32')
}

const TORCH = {
  kernel: 'weight',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
}

/** `layer1.bn.gamma` as `${prefix}.4.weight`: every layer is Linear, BatchNorm1d and ReLU. */
function sequential(weights: Weights, prefix: string): Weights {
  return new Map(
    [...weights].map(([name, { shape, values }]) => {
      const [, layer, part, variable] = /^layer(\d+)\.(dense|bn)\.(\w+)$/.exec(name)!
      const number = 3 * Number(layer) + (part === 'bn' ? 1 : 0)
      return [
        `${prefix}.${number}.${TORCH[variable as keyof typeof TORCH]}`,
        {
          dtype: 'F32',
          shape: pytorchShape(shape),
          values: toPytorchLayout(values as Float32Array, shape),
        },
      ]
    }),
  )
}

describe.each(heads.filter(({ num_layers }) => num_layers > 0))('golden $name', (row) => {
  /** The golden's variables under names that are derived from the official ones. */
  async function golden(rename: (name: string) => string): Promise<WeightFile> {
    const { in_dim: inputWidth, out_dim: outputWidth, num_layers: layers } = row
    const head = new ProjectionHead({ inputWidth, outputWidth, layers })
    loadFormulaWeights(head, row.variables)
    const official = new Map(row.variables.map((variable) => [variable.name, variable.official]))
    const weights = renamed(await moduleWeights(head), (name) => rename(official.get(name)!))
    head.dispose()
    weights.set(`${[...weights.keys()][0]!.replace(/:0$/, '')}/Momentum`, f32([1]))
    return fileOf(reversed(weights))
  }

  test.each([
    ['release 2', (name: string) => name],
    [
      'release 1',
      (name: string) =>
        name
          .replace(/^projection_head_\d+/, 'head_contrastive')
          .replace(/dense_\d+/, 'dense')
          .replace(/batch_norm_relu\w*\/batch_normalization(_\d+)?/, 'batch_normalization')
          .replace(/:0$/, ''),
    ],
  ])('%s: every layer gives the official outputs', async (_, rename) => {
    const head = await importProjectionHead(await golden(rename))
    expect(head.children).toHaveLength(row.num_layers)
    tidy(() => {
      const x = upload(goldens.get('input')!)
      for (let layers = 1; layers <= row.num_layers; layers++) {
        const hidden = head.apply(x, { training: false, layers })
        expect(hidden).toBeAllClose(goldens.get(`${row.name}.inference.h${layers}`)!.values, {
          relative: 2e-5,
        })
      }
    })
    head.dispose()
  })
})

describe('projection heads of a Sequential and of our own', () => {
  test.each([
    ['projection_head.layers', { lastOffset: true, hiddenWidth: 7 }],
    ['module.projector', {}],
    ['projection_head', { lastOffset: true }],
  ])('%s, bit for bit', async (prefix, options) => {
    const before = memory().numTensors
    const head = withFormulaWeights(
      new ProjectionHead({ inputWidth: 6, outputWidth: 4, layers: 3, ...options }),
      1,
    )
    const weights = sequential(await moduleWeights(head), prefix)
    weights.set(`${prefix}.1.num_batches_tracked`, { dtype: 'I64', shape: [], values: new BigInt64Array(1) })
    for (const [name, array] of sequential(await moduleWeights(head), 'projection_head_momentum')) {
      weights.set(name, array)
    }
    const back = await importProjectionHead(fileOf(reversed(weights)))
    expect(await moduleWeights(back)).toEqual(await moduleWeights(head))
    tidy(() => {
      const x = tensor2d(formulaValues(1, 30), [5, 6])
      const expected = head.apply(x, { training: true }).dataSync()
      expect(back.apply(x, { training: true })).toBeAllClose(expected, { absolute: 0, relative: 0 })
    })
    head.dispose()
    back.dispose()
    expect(memory().numTensors).toBe(before)
  })

  test("a run's checkpoint: beside the encoder", async () => {
    const head = withFormulaWeights(new ProjectionHead({ inputWidth: 6, outputWidth: 4 }), 1)
    const weights = renamed(await moduleWeights(head), (name) => `projection.${name}`)
    weights.set('encoder.stem.conv1.kernel', f32([3, 3, 3, 6]))
    const back = await importProjectionHead(fileOf(weights))
    expect(await moduleWeights(back)).toEqual(await moduleWeights(head))
    head.dispose()
    back.dispose()
  })
})

describe('projection heads that are refused', () => {
  test.each<[string, Record<string, number[]>, RegExp]>([
    [
      'an encoder alone',
      { 'conv1.weight': [8, 3, 7, 7] },
      /head_contrastive.*projector\.0\.weight.*1 arrays: conv1/s,
    ],
    ['nothing', {}, /got no array/],
    [
      "solo-learn's",
      {
        'projector.0.weight': [6, 6],
        'projector.0.bias': [6],
        'projector.2.weight': [4, 6],
        'projector.2.bias': [4],
      },
      /no batch normalisation behind projector\.0\.weight/,
    ],
    [
      'no ReLU',
      Object.fromEntries(
        [0, 2].flatMap((i) => [
          [`projector.${i}.weight`, [6, 6]],
          [`projector.${i + 1}.running_mean`, [6]],
        ]),
      ),
      /no ReLU alone before entry 2/,
    ],
    [
      'a bias',
      { 'projector.0.weight': [6, 6], 'projector.0.bias': [6], 'projector.1.running_mean': [6] },
      /got a bias, projector\.0\.bias/,
    ],
    ['a missing layer', { 'layer1.dense.kernel': [6, 4] }, /missing layer0\.dense\.kernel/],
    [
      'widths that do not fit',
      { 'layer0.dense.kernel': [6, 6], 'layer1.dense.kernel': [5, 4] },
      /layer1\.dense\.kernel is \[5, 4\], not \[6, 4\].*missing layer1\.bn\.moving_variance/,
    ],
  ])('%s', async (_, shapes, message) => {
    const before = memory().numTensors
    const arrays = new Map(Object.entries(shapes).map(([name, shape]) => [name, f32(shape)]))
    await expect(importProjectionHead(fileOf(arrays))).rejects.toThrow(message)
    expect(memory().numTensors).toBe(before)
  })
})

describe('linear heads', () => {
  test.each([
    ['our own', 'classifier.dense.kernel', 'classifier.dense.bias'],
    ['release 1', 'head_supervised/linear_layer/dense/kernel', 'head_supervised/linear_layer/dense/bias'],
    [
      'release 2',
      'supervised_head/linear_layer/dense_layer_3/kernel:0',
      'supervised_head/linear_layer/dense_layer_3/bias:0',
    ],
    [
      'release 2 as built',
      'head_supervised/linear_layer/dense_3/kernel:0',
      'head_supervised/linear_layer/dense_3/bias:0',
    ],
    ['torchvision', 'fc.weight', 'fc.bias'],
    ['lightly', 'module.classification_head.linear.weight', 'module.classification_head.linear.bias'],
  ])('%s', async (_, kernel, bias) => {
    const head = withFormulaWeights(new LinearHead({ inputWidth: 6, classes: 4 }), 1)
    const own = await moduleWeights(head)
    const { shape, values } = own.get('dense.kernel')!
    const theirs: SafetensorsArray = kernel.endsWith('weight')
      ? { dtype: 'F32', shape: [4, 6], values: toPytorchLayout(values as Float32Array, shape) }
      : own.get('dense.kernel')!
    const file = fileOf(
      new Map([
        ['layer0.dense.kernel', f32([6, 6])],
        ['layer1.0.fc.weight', f32([6, 6])],
        [bias, own.get('dense.bias')!],
        [kernel, theirs],
      ]),
    )
    const back = await importLinearHead(file)
    expect(await moduleWeights(back)).toEqual(own)
    expect(back.classes).toBe(4)
    head.dispose()
    back.dispose()
  })

  test('missing, and with a bias of another length or none', async () => {
    const before = memory().numTensors
    const read = (arrays: [string, SafetensorsArray][]) => importLinearHead(fileOf(new Map(arrays)))
    await expect(read([['layer1.0.fc.weight', f32([6, 6])]])).rejects.toThrow(/fc\.weight.*got 1 arrays/s)
    const kernel: [string, SafetensorsArray] = ['fc.weight', f32([4, 6])]
    await expect(read([kernel])).rejects.toThrow(/missing dense\.bias \[4\]/)
    await expect(read([kernel, ['fc.bias', f32([6])]])).rejects.toThrow(/fc\.bias is \[6\], not \[4\]/)
    expect(memory().numTensors).toBe(before)
  })
})
