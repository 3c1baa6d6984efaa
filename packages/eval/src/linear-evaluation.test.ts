import { SimclrError } from '@simclr/core'
import { type Dataset, memoryDataset } from '@simclr/data'
import { ResNet } from '@simclr/models'
import { mean, memory, reshape, sub, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { afterAll, expect, test } from 'vitest'
import { colouredImages, colours, SIDE } from './__fixtures__/coloured-images.ts'
import { type Encoder, extractFeatures } from './extract-features.ts'
import { linearEvaluation } from './linear-evaluation.ts'

const classes = colours
const coloured = (count: number, seed: number) => colouredImages(count, { seed, noise: 160 })
const imageSize = { height: SIDE, width: SIDE }
const train = memoryDataset({
  name: 'coloured',
  imageSize,
  classes,
  train: coloured(45, 1),
  test: coloured(21, 2),
})
const test_ = train.split('test')

/** Mean colour, minus the mean over channels. */
const meanColour: Encoder = {
  featureWidth: 3,
  apply: (images: Tensor4D) =>
    tidy(() => {
      const colour = mean(images, [1, 2])
      return reshape(sub(colour, mean(colour, 1, true)), [-1, 3])
    }),
  parameters: () => [],
  state: () => [],
  dispose: () => {},
}

const encoder = new ResNet({ depth: 18, width: 1 / 16, stem: 'cifar' })
afterAll(() => encoder.dispose())

test('extractFeatures keeps order and labels, in batches of any size', async () => {
  const whole = await extractFeatures({ encoder, dataset: test_ })
  const seen: number[] = []
  const tensors = memory().numTensors
  const parts = await extractFeatures({
    encoder,
    dataset: test_,
    batchSize: 8,
    onProgress: ({ images }) => seen.push(images),
  })
  expect(memory().numTensors).toBe(tensors)
  expect(seen).toEqual([8, 16, 21])
  expect(parts).toMatchObject({ width: encoder.featureWidth, labels: test_.labels })
  expect(parts.features).toBeAllClose(whole.features, { relative: 1e-5 })
})

test.each([true, false])('learns separable classes, augment: %s', async (augment) => {
  const reported: number[] = []
  const result = await linearEvaluation({
    encoder: meanColour,
    train,
    test: test_,
    epochs: 20,
    batchSize: 15,
    learningRate: 20,
    augment,
    onProgress: ({ epoch }) => reported.push(epoch),
  })
  expect(result.accuracy).toBeGreaterThan(0.9)
  expect(result.top5).toBe(1)
  expect(result.losses).toHaveLength(20)
  expect(result.losses.at(-1)).toBeLessThan(0.5 * result.losses[0]!)
  expect(reported).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})

test('an mlp separates what no line does', async () => {
  // Class 1 is black or white, class 0 lies between.
  const levels = Float32Array.of(128, 0, 128, 255)
  const shades = {
    images: Uint8Array.from({ length: 80 * SIDE * SIDE * 3 }, (_, i) => {
      return levels[Math.floor(i / (SIDE * SIDE * 3)) % 4]!
    }),
    labels: Int32Array.from({ length: 80 }, (_, i) => i % 2),
  }
  const dataset = memoryDataset({
    name: 'shades',
    imageSize,
    classes: ['middle', 'extreme'],
    train: shades,
    test: shades,
  })
  const brightness: Encoder = {
    ...meanColour,
    apply: (images) => tidy(() => mean(images, [1, 2])),
  }
  const accuracyOf = async (probe: 'linear' | 'mlp') => {
    const settings = { epochs: 60, batchSize: 20, learningRate: 0.5, augment: false }
    const hidden = probe === 'mlp' ? { hiddenWidth: 16 } : {}
    const data = { train: dataset, test: dataset.split('test') }
    return (await linearEvaluation({ encoder: brightness, ...data, ...settings, ...hidden, probe })).accuracy
  }
  expect(await accuracyOf('linear')).toBeLessThanOrEqual(0.75)
  expect(await accuracyOf('mlp')).toBe(1)
})

test('leaves the encoder bit for bit as it was, leaks nothing, and repeats itself', async () => {
  const variables = [...encoder.parameters(), ...encoder.state()].map(({ value }) => value)
  const before = variables.map((value) => value.dataSync().slice())
  const tensors = memory().numTensors
  const run = (seed: number) =>
    linearEvaluation({ encoder, train, test: test_, epochs: 2, batchSize: 16, learningRate: 0.1, seed })
  const first = await run(1)
  expect(memory().numTensors).toBe(tensors)
  expect(variables.map((value) => value.dataSync().slice())).toEqual(before)
  expect(await run(1)).toEqual(first)
  expect((await run(2)).losses).not.toEqual(first.losses)
})

test('crops are drawn for readers that cut them, by image and epoch', async () => {
  const boxes = new Map<number, string[]>()
  const reader: Dataset = {
    ...train,
    length: train.length,
    labels: train.labels,
    imageSize: undefined,
    batches: async function* ({ crop, size, ...options }) {
      expect(size).toBe(SIDE)
      for await (const batch of train.batches(options)) {
        for (const image of batch.indices) {
          const box = JSON.stringify(crop?.(image, 0, { height: 100, width: 60 }))
          boxes.set(image, [...(boxes.get(image) ?? []), box])
        }
        yield batch
      }
    },
  }
  const options = { encoder: meanColour, train: reader, test: test_, epochs: 2, batchSize: 20 }
  await linearEvaluation({ ...options, size: SIDE })
  expect(boxes.size).toBe(train.length)
  const drawn = [...boxes.values()].flat()
  expect(drawn).toHaveLength(2 * train.length)
  expect(new Set(drawn).size).toBeGreaterThan(1.9 * train.length)
  await expect(linearEvaluation(options)).rejects.toThrow('no fixed size')
})

const unlabelled = memoryDataset({ name: 'unlabelled', imageSize, train: { images: coloured(3, 1).images } })
const binary = memoryDataset({
  name: 'binary',
  imageSize,
  classes: ['a', 'b'],
  train: { images: coloured(2, 1).images, labels: Int32Array.of(0, 1) },
})

test.each([
  [{ epochs: 0 }, 'epochs'],
  [{ batchSize: 0 }, 'batchSize'],
  [{ hiddenWidth: 4 }, "hiddenWidth: must be absent with probe 'linear', got 4"],
  [{ probe: 'mlp' as const, hiddenWidth: 0 }, 'hiddenWidth'],
  [{ probe: 'tree' as 'mlp' }, "probe: must be 'linear' or 'mlp'"],
  [{ train: unlabelled }, 'labelled'],
  [{ test: binary }, "of the training set's 3 classes, got 2 in binary"],
  [{ learningRate: 1e40, batchSize: 15 }, 'loss: must be finite'],
])('rejects %o', async (change, message) => {
  const tensors = memory().numTensors
  const run = linearEvaluation({
    encoder: meanColour,
    train,
    test: test_,
    epochs: 3,
    augment: false,
    ...change,
  })
  await expect(run).rejects.toThrow(message)
  await expect(run).rejects.toSatisfy(SimclrError.isInstance)
  expect(memory().numTensors).toBe(tensors)
})

test('a diverged encoder is named as such', async () => {
  const broken: Encoder = {
    ...meanColour,
    apply: (images) =>
      tidy(() => sub(meanColour.apply(images, { training: false }), Number.POSITIVE_INFINITY)),
  }
  await expect(linearEvaluation({ encoder: broken, train, test: test_ })).rejects.toThrow(
    'The encoder has diverged',
  )
})

test('an empty dataset or batch is refused', async () => {
  const empty: Dataset = { ...train, length: 0 }
  await expect(extractFeatures({ encoder, dataset: empty })).rejects.toThrow('at least one image')
  await expect(extractFeatures({ encoder, dataset: train, batchSize: 0 })).rejects.toThrow('batchSize')
})
