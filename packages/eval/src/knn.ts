/** Weighted k-nearest-neighbour classification of features (Wu et al. 2018, section 3.4). */
import { checkInteger, checkPositive, SimclrError } from '@simclr/core'
import {
  dispose,
  div,
  matMul,
  maximum,
  slice,
  sqrt,
  square,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
  topk,
} from '@tensorflow/tfjs-core'
import { accuracy } from './accuracy.ts'
import { checkFeaturePair, type Features } from './features.ts'
import { predictedClasses } from './predicted-classes.ts'

export interface KnnOptions {
  /** The labelled neighbours. */
  readonly train: Features
  /** What to classify. */
  readonly test: Features
  /** Neighbours that vote, at most the number of training rows. Default 200. */
  readonly k?: number
  /** A neighbour of cosine similarity s votes with weight exp(s/temperature). Default 0.07. */
  readonly temperature?: number
  /** Number of classes. Default: one more than the largest training label. */
  readonly classes?: number
}

export interface KnnResult {
  /** Share of test rows whose prediction is their label. */
  readonly accuracy: number
  /** Class of largest weight per test row, the lowest one on ties. */
  readonly predictions: Int32Array
  /** Shape [test rows, classes]: each class's share of the votes' weight. */
  readonly probabilities: Float32Array
}

/** Elements of one block of the similarity matrix: 128 MiB of float32. */
const BLOCK_ELEMENTS = 2 ** 25

/**
 * Classifies each test row by its k training rows of largest cosine similarity. The similarity matrix is made in
 * blocks of test rows; training features lie on the engine meanwhile.
 *
 * @throws SimclrError if k is larger than the training set, features are empty or not finite, or labels do not match.
 * @example
 * const train = await extractFeatures({ encoder, dataset })
 * const test = await extractFeatures({ encoder, dataset: dataset.split('test') })
 * const { accuracy } = await knn({ train, test })
 */
export async function knn({
  train,
  test,
  k = 200,
  temperature = 0.07,
  classes: givenClasses,
}: KnnOptions): Promise<KnnResult> {
  const { classes, ...sets } = checkFeaturePair('knn', train, test, givenClasses)
  const [trainLabels, testLabels] = [sets.train.labels, sets.test.labels]
  checkPositive('knn: temperature', temperature)
  checkNeighbours(k, trainLabels.length)

  const [neighbours, queries] = tidy(() => [unitRows(train), unitRows(test)])
  const blockRows = Math.max(1, Math.floor(BLOCK_ELEMENTS / trainLabels.length))
  const probabilities = new Float32Array(testLabels.length * classes)
  try {
    for (let start = 0; start < testLabels.length; start += blockRows) {
      const rows = Math.min(blockRows, testLabels.length - start)
      const nearest = tidy(() =>
        topk(matMul(slice(queries, [start, 0], [rows, -1]), neighbours, false, true), k),
      )
      const [similarities, indices] = await Promise.all([nearest.values.data(), nearest.indices.data()])
      dispose([nearest.values, nearest.indices])
      for (let row = 0; row < rows; row++) {
        const votes = probabilities.subarray((start + row) * classes, (start + row + 1) * classes)
        const weights = voteWeights(similarities.subarray(row * k, (row + 1) * k), temperature)
        weights.forEach((weight, rank) => {
          votes[trainLabels[indices[row * k + rank]!]!]! += weight
        })
      }
    }
  } finally {
    dispose([neighbours, queries])
  }
  const predictions = predictedClasses(probabilities, classes)
  return { accuracy: accuracy(predictions, testLabels), predictions, probabilities }
}

/** exp(s/temperature), as shares of their sum; the largest similarity comes first. */
function voteWeights(similarities: ArrayLike<number>, temperature: number): Float64Array {
  const weights = Float64Array.from(similarities, (s) => Math.exp((s - similarities[0]!) / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function unitRows({ features, width }: Features): Tensor2D {
  const rows = tensor2d(features, [features.length / width, width])
  return div(rows, sqrt(maximum(sum(square(rows), 1, true), 1e-12)))
}

function checkNeighbours(k: number, trainingRows: number): void {
  checkInteger('knn: k', k, 1)
  if (k <= trainingRows) return
  throw new SimclrError({
    parameter: 'knn: k',
    expected: `at most the number of training features, ${trainingRows}`,
    received: String(k),
    remedy: 'Choose a smaller k or give more training images.',
  })
}
