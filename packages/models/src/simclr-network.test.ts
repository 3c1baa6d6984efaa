import { formulaValues } from '@simclr/tools/testing'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ProjectionHead } from './projection-head.ts'
import { ResNet } from './resnet.ts'
import { SimclrNetwork } from './simclr-network.ts'
import { loadWeights, moduleWeights, weightsUnder } from './weights.ts'

const build = (seed: number) => {
  const encoder = new ResNet({ depth: 18, width: 1 / 16, stem: 'cifar', seed })
  const projection = new ProjectionHead({ inputWidth: encoder.featureWidth, outputWidth: 8, seed })
  return new SimclrNetwork({ encoder, projection })
}

let network: SimclrNetwork<ResNet, ProjectionHead>
let views: Tensor4D
beforeEach(() => {
  network = build(0)
  views = tensor4d(formulaValues(5, 4 * 8 * 8 * 3, 0.5, 0.5), [4, 8, 8, 3])
})
afterEach(() => {
  network.dispose()
  views.dispose()
})

test('applies the encoder, then the projection', () => {
  const hidden = network.apply(views, { training: false })
  const features = network.encoder.apply(views, { training: false })
  const projected = network.projection.apply(features, { training: false })
  expect(hidden.shape).toEqual([4, 8])
  expect(hidden).toBeAllClose(projected.dataSync())
  for (const tensor of [hidden, features, projected]) tensor.dispose()
})

test('names are prefixed, unique, and in the order of the parts', () => {
  const names = [...network.parameters(), ...network.state()].map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  const inner = [...network.encoder.parameters(), ...network.projection.parameters()]
  expect(network.parameters().map(({ value }) => value)).toEqual(inner.map(({ value }) => value))
  expect(names[0]).toBe('encoder.stem.conv1.kernel')
  expect(names).toContain('projection.layer1.dense.kernel')
  expect(names.every((name) => /^(encoder|projection)\./.test(name))).toBe(true)
})

test('its weights give the encoder alone back', async () => {
  const encoder = new ResNet({ depth: 18, width: 1 / 16, stem: 'cifar', seed: 9 })
  loadWeights(encoder, weightsUnder('encoder', await moduleWeights(network)))
  const expected = network.encoder.apply(views, { training: false })
  const features = encoder.apply(views, { training: false })
  expect(features).toBeAllClose(expected.dataSync())
  for (const tensor of [expected, features]) tensor.dispose()
  encoder.dispose()
})

test('leaks nothing', () => {
  expect(() => network.apply(views, { training: true }).dispose()).toLeakNoTensors()
  expect(() => build(0).dispose()).toLeakNoTensors()
})
