import { type Module, RandomKey } from '@simclr/core'
import { memoryDataset, synthetic } from '@simclr/data'
import { ProjectionHead, ResNet } from '@simclr/models'
import { memory, mul, onesLike, reshape, type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { predictTransformation } from './predict-transformation.ts'
import { transformationTasks } from './transformation-tasks.ts'

const SIDE = 8
const random = RandomKey.fromSeed(1)
/** Each image has one reddish colour, brighter in the left half. */
const patches = (count: number) =>
  Uint8Array.from({ length: count * SIDE * SIDE * 3 }, (_, i) => {
    const image = Math.floor(i / (SIDE * SIDE * 3))
    const bright = Math.floor(i / 3) % SIDE < SIDE / 2 ? 130 : 0
    return bright + random.uniform(image, 0, 60) + (i % 3 === 0 ? 60 : 0)
  })
const dataset = memoryDataset({
  name: 'bright left halves',
  imageSize: { height: SIDE, width: SIDE },
  classes: ['all'],
  train: { images: patches(300), labels: new Int32Array(300) },
  test: { images: patches(100), labels: new Int32Array(100) },
})

/** A module without weights. */
function plain<Input extends Tensor2D | Tensor4D>(
  apply: (input: Input) => Tensor2D,
): Module<Input, Tensor2D> {
  return { apply, parameters: () => [], state: () => [], dispose: () => {} }
}
const pixels = { ...plain<Tensor4D>((images) => reshape(images, [images.shape[0], -1])), featureWidth: 192 }
const nothing = plain<Tensor2D>((features) => tidy(() => onesLike(features)))

const options = { encoder: pixels, train: dataset, test: dataset.split('test'), epochs: 40, batchSize: 50 }

describe.each(Object.entries(transformationTasks))('%s', (_, task) => {
  test('is told from the pixels, and by chance from a representation that holds nothing', async () => {
    const before = memory().numTensors
    const { chance, encoder, projection } = await predictTransformation({
      ...options,
      projection: nothing,
      task,
    })
    expect(encoder).toBeGreaterThan(chance + (1 - chance) / 4)
    expect(projection).toBeLessThanOrEqual(chance)
    expect(memory().numTensors).toBe(before)
  })

  test('classes come in the shares of the draw', () => {
    const count = 4000
    const drawn = task.augmentation.sample((i) => random.fold(i), count, { height: SIDE, width: SIDE })
    const shares = task.classes.map((_, c) => drawn.filter((one) => task.classOf(one) === c).length / count)
    const expected =
      { color: [0.8, 0.2] }[task.classes[0]!] ?? task.classes.map(() => 1 / task.classes.length)
    shares.forEach((share, c) => {
      expect(Math.abs(share - expected[c]!)).toBeLessThan(0.03)
    })
  })
})

test('leaves encoder and projection bit for bit as they were, and repeats itself', async () => {
  const encoder = new ResNet({ depth: 18, width: 1 / 16, stem: 'cifar' })
  const projection = new ProjectionHead({ inputWidth: encoder.featureWidth })
  const bits = () =>
    [...encoder.parameters(), ...encoder.state(), ...projection.parameters(), ...projection.state()].map(
      ({ value }) => Array.from(value.dataSync()),
    )
  const before = bits()
  const run = () =>
    predictTransformation({
      ...{ encoder, projection, task: transformationTasks.rotate, epochs: 1, batchSize: 20 },
      train: synthetic({ count: 40 }),
      test: synthetic({ count: 40, testCount: 20 }).split('test'),
    })
  expect(await run()).toEqual(await run())
  expect(bits()).toEqual(before)
  encoder.dispose()
  projection.dispose()
})

describe('refuses', () => {
  const task = transformationTasks.noise
  test('no epochs', async () => {
    await expect(predictTransformation({ ...options, projection: nothing, task, epochs: 0 })).rejects.toThrow(
      'predictTransformation: epochs',
    )
  })
  test('a representation that is not finite', async () => {
    const broken = plain<Tensor2D>((features) => mul(features, Number.NaN))
    await expect(predictTransformation({ ...options, projection: broken, task })).rejects.toThrow(
      'predictTransformation: projection',
    )
  })
})
