/** The files, loaded by TensorFlow.js's own converter package and run on its cpu backend. */
import '@tensorflow/tfjs-backend-cpu'
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import { getBackend, setBackend, type Tensor, tensor4d } from '@tensorflow/tfjs-core'
import { afterEach, expect, test } from 'vitest'
import {
  expectedOutputs,
  exportCases,
  exportHeads,
  formulaEncoder,
  formulaPixels,
} from '../__fixtures__/export-cases.ts'
import { withFormulaWeights } from '../__fixtures__/formula-module.ts'
import { ResNet } from '../resnet.ts'
import { encodeTfjsGraphModel } from './tfjs-graph-model.ts'

const engine = getBackend()
afterEach(async () => {
  await setBackend(engine)
})

test.each(exportCases)('$name: the features', async (of) => {
  const encoder = formulaEncoder(of.options)
  const { features } = expectedOutputs(encoder, of)
  const outputs = await run(await encodeTfjsGraphModel(encoder), of.shape, ['features'])
  expect(outputs.features).toBeAllClose(features, { relative: 1e-4 })
  encoder.dispose()
})

test.each(exportHeads)('%s: features and %s', async (_, name, create) => {
  const encoder = formulaEncoder({ depth: 18, stem: 'cifar', width: 0.0625 })
  const head = withFormulaWeights(create(encoder.featureWidth), 900)
  const shape: [number, number, number, 3] = [3, 16, 16, 3]
  const { features, headOutput } = expectedOutputs(encoder, { shape }, head)
  const outputs = await run(await encodeTfjsGraphModel(encoder, { head }), shape, ['features', name])
  expect(outputs.features).toBeAllClose(features, { relative: 1e-4 })
  expect(outputs[name]).toBeAllClose(headOutput!, { relative: 1e-4 })
  head.dispose()
  encoder.dispose()
})

test('cuts the weights into shards of 64 MiB', async () => {
  const encoder = new ResNet({ depth: 50 })
  const files = await encodeTfjsGraphModel(encoder)
  expect([...files.keys()]).toEqual(['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin'])
  expect(files.get('group1-shard1of2.bin')).toHaveLength(2 ** 26)
  const model = await load(files)
  const kernel = encoder.parameters().find(({ name }) => name === 'group4.block2.conv3.kernel')!
  expect(model.weights['group4.block2.conv3.kernel']![0]!.dataSync()).toEqual(kernel.value.dataSync())
  model.dispose()
  encoder.dispose()
})

/** Values of the outputs by name. */
async function run(
  files: ReadonlyMap<string, Uint8Array>,
  shape: [number, number, number, number],
  names: string[],
): Promise<Record<string, Float32Array>> {
  await setBackend('cpu')
  const model = await load(files)
  expect(model.outputs.map(({ name }) => name)).toEqual(names)
  const images = tensor4d(formulaPixels(shape), shape)
  const tensors = [model.execute(images, names)].flat() as Tensor[]
  const outputs = Object.fromEntries(names.map((name, i) => [name, tensors[i]!.dataSync<'float32'>()]))
  for (const item of [images, model, ...tensors]) item.dispose()
  return outputs
}

/** As a browser loads the files from their server. */
function load(files: ReadonlyMap<string, Uint8Array>): Promise<GraphModel> {
  const fetchFunc = async (url: unknown): Promise<Response> =>
    new Response(files.get(String(url).split('/').at(-1)!) as Uint8Array<ArrayBuffer>)
  return loadGraphModel('http://localhost/model.json', { fetchFunc })
}
