/** The ONNX files, run by onnxruntime. */
import { readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import { memory } from '@tensorflow/tfjs-core'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import {
  expectedOutputs,
  exportCases,
  exportHeads,
  formulaEncoder,
  formulaPixels,
} from '../__fixtures__/export-cases.ts'
import { withFormulaWeights } from '../__fixtures__/formula-module.ts'
import { type GoldenVariable, loadFormulaWeights } from '../__fixtures__/golden-module.ts'
import { ResNet } from '../resnet.ts'
import { encodeOnnx } from './onnx.ts'

const tiny = { depth: 18, stem: 'cifar', width: 0.0625 } as const
const shape: [number, number, number, 3] = [3, 16, 16, 3]

const golden = readGoldenJson<Record<string, GoldenCase>>(
  new URL('../__fixtures__/05_resnet_forward.json', import.meta.url),
)
const goldenArrays = readGoldenArrays(
  new URL('../__fixtures__/05_resnet_forward.safetensors', import.meta.url),
)

interface GoldenCase {
  readonly depth: number
  readonly sk_ratio: number
  readonly cifar_stem: boolean
  readonly input_shape: [number, number, number, number]
  readonly input_seed: number
  readonly variables: [string, number[], GoldenVariable['kind'], number][]
}

test.each(Object.entries(golden))('%s: the features of the official code', async (name, of) => {
  const stem = of.cifar_stem ? 'cifar' : 'imagenet'
  const encoder = new ResNet({ depth: of.depth, stem, selectiveKernelRatio: of.sk_ratio })
  const variables = of.variables.map(([name, shape, kind, seed]) => ({ name, shape, kind, seed }))
  loadFormulaWeights(encoder, variables)
  const { features } = await run(await encodeOnnx(encoder), of.input_shape, of.input_seed)
  const expected = goldenArrays.get(`${name}.inference.features_f64rounded`)!.values
  expect(features!.data).toBeAllClose(expected, { relative: 1e-4 })
  encoder.dispose()
})

test.each(exportCases)('$name: the features', async (of) => {
  const encoder = formulaEncoder(of.options)
  const { features } = expectedOutputs(encoder, of)
  const { features: output, ...others } = await run(await encodeOnnx(encoder), of.shape)
  expect(others).toEqual({})
  expect(output!.dims).toEqual([of.shape[0], encoder.featureWidth])
  expect(output!.data).toBeAllClose(features, { relative: 1e-4 })
  encoder.dispose()
})

test.each(exportHeads)('%s: features and %s', async (_, name, create) => {
  const encoder = formulaEncoder(tiny)
  const head = withFormulaWeights(create(encoder.featureWidth), 900)
  const { features, headOutput } = expectedOutputs(encoder, { shape }, head)
  const outputs = await run(await encodeOnnx(encoder, { head }), shape)
  expect(Object.keys(outputs)).toEqual(['features', name])
  expect(outputs.features!.data).toBeAllClose(features, { relative: 1e-4 })
  expect(outputs[name]!.data).toBeAllClose(headOutput!, { relative: 1e-4 })
  head.dispose()
  encoder.dispose()
})

describe('the file', () => {
  const encoder = new ResNet(tiny)

  test('takes any number of images of any size', async () => {
    const bytes = await encodeOnnx(encoder)
    for (const other of [[1, 8, 8, 3] as const, [4, 31, 20, 3] as const]) {
      const { features } = expectedOutputs(encoder, { shape: [...other] })
      expect((await run(bytes, other)).features!.data).toBeAllClose(features, { relative: 1e-4 })
    }
  })

  test('says its input and its outputs', async () => {
    const session = await InferenceSession.create(await encodeOnnx(encoder))
    expect(session.inputMetadata).toMatchObject([
      { name: 'images', type: 'float32', shape: ['n', 'h', 'w', 3] },
    ])
    expect(session.outputMetadata).toMatchObject([
      { name: 'features', type: 'float32', shape: ['n', encoder.featureWidth] },
    ])
    await session.release()
  })

  test.each([18, 21, 26])('runs with opset %i', async (opset) => {
    const { features } = expectedOutputs(encoder, { shape })
    const outputs = await run(await encodeOnnx(encoder, { opset }), shape)
    expect(outputs.features!.data).toBeAllClose(features, { relative: 1e-4 })
  })

  test.each([17, 27, 20.5])('refuses opset %d', async (opset) => {
    await expect(encodeOnnx(encoder, { opset })).rejects.toThrow(/encodeOnnx: opset/)
  })

  test.each(exportHeads)('refuses %s for other features', async (_, _name, create) => {
    const head = create(encoder.featureWidth + 1)
    await expect(encodeOnnx(encoder, { head })).rejects.toThrow(/head for the encoder's 32 features, .*33/)
    head.dispose()
  })

  test('leaves no tensor behind', async () => {
    const before = memory().numTensors
    await encodeOnnx(encoder)
    expect(memory().numTensors).toBe(before)
  })
})

/** Runs a file on the formula's pixels. */
async function run(
  bytes: Uint8Array,
  shape: readonly number[],
  seed?: number,
): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(bytes)
  const outputs = await session.run({ images: new Tensor('float32', formulaPixels(shape, seed), shape) })
  await session.release()
  return { ...outputs }
}
