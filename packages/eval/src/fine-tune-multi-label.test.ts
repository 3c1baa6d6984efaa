import { type Dataset, memoryDataset } from '@simclr/data'
import { mean, memory, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { elevenPointMeanAveragePrecision } from './eleven-point-map.ts'
import type { Encoder } from './extract-features.ts'
import { fineTune } from './fine-tune.ts'

describe('fineTune on images with several classes', () => {
  it('trains one binary problem per class where images have several classes', async () => {
    const { train, test } = severalColours(96, 32)
    const before = memory().numTensors
    const options = { encoder: meanColour, train, test, batchSize: 32, learningRate: 3, epochs: 30 }
    const { metric, score, scores, labels, accuracy, losses } = await fineTune(options)
    expect(memory().numTensors).toBe(before)
    expect(metric).toBe('11-point mAP')
    expect(labels).toEqual(test.multiLabels)
    expect(accuracy).toBeNaN()
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
    expect(score).toBeGreaterThan(0.95)
    expect(score).toBe(elevenPointMeanAveragePrecision(scores, test.multiLabels!, 3).mean)
  })

  it('refuses an accuracy, and labels of the other kind', async () => {
    const { train, test, single } = severalColours(32, 8)
    const options = { encoder: meanColour, train, test, batchSize: 32, epochs: 1 }
    await expect(fineTune({ ...options, metric: 'top-1 accuracy' })).rejects.toThrow(
      'fineTune: metric: must be 11-point mAP for colours, whose images have several classes, got top-1',
    )
    await expect(fineTune({ ...options, train: single })).rejects.toThrow('have several classes, got top-1')
  })
})

/** The images' mean colour. */
const meanColour: Encoder = {
  featureWidth: 3,
  apply: (images) => tidy(() => mean<Tensor2D>(images, [1, 2])),
  parameters: () => [],
  state: () => [],
  dispose: () => {},
}

/** Images with any of three channels bright; each tenth mark is a difficult one, at random right or wrong. */
function severalColours(count: number, testCount: number): Record<'train' | 'test' | 'single', Dataset> {
  const size = 4
  const classes = ['red', 'green', 'blue']
  const make = (n: number) => {
    const present = (image: number, c: number): boolean => ((image >> c) & 1) === 1
    return {
      images: Uint8Array.from({ length: n * size * size * 3 }, (_, i) =>
        present(Math.floor(i / (size * size * 3)), i % 3) ? 200 : 50,
      ),
      labels: new Int32Array(n),
      marks: Int8Array.from({ length: n * 3 }, (_, i) =>
        i % 10 === 0 ? 0 : present(Math.floor(i / 3), i % 3) ? 1 : -1,
      ),
    }
  }
  const [train, test] = [make(count), make(testCount)]
  const dataset = memoryDataset({
    name: 'colours',
    imageSize: { height: size, width: size },
    classes,
    train,
    test,
  })
  return {
    train: withMarks(dataset, train.marks),
    test: withMarks(dataset.split('test'), test.marks),
    single: dataset,
  }
}

/** The dataset with several classes for each image. */
function withMarks(dataset: Dataset, multiLabels: Int8Array): Dataset {
  const width = dataset.classes.length
  const { name, classes, length, imageSize, splits } = dataset
  return {
    ...{ name, classes, length, imageSize, splits, labels: undefined, multiLabels },
    fileName: () => undefined,
    split: (split) => dataset.split(split),
    subset: (positions) => dataset.subset(positions),
    close: () => dataset.close(),
    async *batches(options) {
      for await (const batch of dataset.batches(options)) {
        const rows = [...batch.indices].flatMap((index) => [
          ...multiLabels.subarray(index * width, (index + 1) * width),
        ])
        yield { ...batch, labels: undefined, multiLabels: Int8Array.from(rows) }
      }
    },
  }
}
