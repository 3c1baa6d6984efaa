/** Every protocol that freezes the encoder leaves it bit for bit as it was. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, imageTensor, synthetic } from '@simclr/data'
import { ResNet } from '@simclr/models'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { extractFeatures } from '../extract-features.ts'
import { knn } from '../knn.ts'
import { linearEvaluation } from '../linear-evaluation.ts'
import { logisticRegression } from '../logistic-regression.ts'
import { cachedFeatures } from './cached-features.ts'

const train = synthetic({ count: 40, testCount: 20 })
const heldOut = train.split('test')
const encoder = new ResNet({ depth: 18, width: 1 / 16, stem: 'cifar' })

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frozen-encoder-'))
  // Moving statistics of a fresh encoder would hide an update towards 0 and 1.
  await applyInTrainingMode(train)
})
afterAll(async () => {
  encoder.dispose()
  await rm(directory, { recursive: true })
})

async function applyInTrainingMode(dataset: Dataset): Promise<void> {
  for await (const batch of dataset.batches({ batchSize: 20 })) {
    const images = imageTensor(batch)
    encoder.apply(images, { training: true }).dispose()
    images.dispose()
  }
}

const bytes = (): string[] =>
  [...encoder.parameters(), ...encoder.state()].map(({ name, value }) => {
    const { buffer, byteOffset, byteLength } = value.dataSync()
    return `${name} ${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`
  })

const features = async () => ({
  train: await extractFeatures({ encoder, dataset: train }),
  test: await extractFeatures({ encoder, dataset: heldOut }),
})
const evaluate = (options: { augment: boolean; probe?: 'mlp' }) =>
  linearEvaluation({ encoder, train, test: heldOut, epochs: 2, batchSize: 20, ...options })

test.each<[string, () => Promise<unknown>]>([
  ['extractFeatures', features],
  ['cachedFeatures', () => cachedFeatures({ encoder, dataset: train, directory })],
  ['knn', async () => knn({ ...(await features()), k: 5 })],
  ['logisticRegression', async () => logisticRegression({ ...(await features()), regularization: 0.01 })],
  ['linearEvaluation', () => evaluate({ augment: true })],
  ['linearEvaluation of whole images', () => evaluate({ augment: false })],
  ['linearEvaluation of an mlp', () => evaluate({ augment: true, probe: 'mlp' })],
  ['linearEvaluation of an mlp on whole images', () => evaluate({ augment: false, probe: 'mlp' })],
])('%s', async (_, protocol) => {
  const before = bytes()
  await protocol()
  expect(bytes()).toEqual(before)
})

test('the comparison sees a single step of training mode', async () => {
  const before = bytes()
  await applyInTrainingMode(heldOut)
  expect(bytes()).not.toEqual(before)
})
