/** Weighted k-nearest-neighbour classification of features (Wu et al. 2018, section 3.4). */
import { checkInteger, checkPositive, SimclrError } from '@simclr/core'
import { accuracy } from './accuracy.ts'
import { checkFeaturePair, type Features } from './features.ts'
import { nearestNeighbours } from './nearest-neighbours.ts'
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

/**
 * Classifies each test row by its k training rows of largest cosine similarity. Both sides lie on the
 * engine in blocks.
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

  const { indices, similarities } = await nearestNeighbours({ features: train, queries: test, k })
  const probabilities = new Float32Array(testLabels.length * classes)
  for (let row = 0; row < testLabels.length; row++) {
    const votes = probabilities.subarray(row * classes, (row + 1) * classes)
    const weights = voteWeights(similarities.subarray(row * k, (row + 1) * k), temperature)
    weights.forEach((weight, rank) => {
      votes[trainLabels[indices[row * k + rank]!]!]! += weight
    })
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
