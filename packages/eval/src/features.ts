/** Features of a dataset, as evaluations store them. */
import { checkInteger, SimclrError } from '@simclr/core'

/** One feature vector per image, with the image's class. */
export interface Features {
  /** Shape [n, width], row-major. */
  readonly features: Float32Array
  /** Length of a feature vector. */
  readonly width: number
  /** Class of each row, length n; undefined for images without a label or with several. */
  readonly labels: Int32Array | undefined
  /** Shape [n, classes], for images with several classes: 1 present, -1 absent, 0 left out. */
  readonly multiLabels?: Int8Array
}

/** {@link Features} that {@link checkFeatures} has accepted. */
export interface LabelledFeatures extends Features {
  readonly labels: Int32Array
}

/** @throws SimclrError unless there are rows, all finite, with one label ≥ 0 each. */
export function checkFeatures(parameter: string, features: Features): asserts features is LabelledFeatures {
  const { labels } = features
  if (labels === undefined) {
    fail(`${parameter}: labels`, 'there', 'none', 'Evaluation needs a labelled dataset.')
  }
  checkFeatureValues(parameter, features, labels.length)
  const negative = labels.find((label) => label < 0)
  if (negative !== undefined) fail(`${parameter}: labels`, 'class numbers from 0', String(negative))
}

/** @throws SimclrError unless there are `rows` rows, at least one, all finite. */
export function checkFeatureValues(
  parameter: string,
  { features: values, width }: Features,
  rows: number,
): void {
  checkInteger(`${parameter}: width`, width, 1)
  if (rows === 0) fail(`${parameter}: features`, 'of at least one image', 'none')
  if (values.length !== rows * width) {
    fail(
      `${parameter}: features`,
      `of ${rows} × ${width} values, one row per label`,
      `${values.length} values`,
    )
  }
  const broken = values.findIndex((value) => !Number.isFinite(value))
  if (broken >= 0) {
    fail(
      `${parameter}: features`,
      'finite',
      `${values[broken]} in row ${Math.floor(broken / width)}`,
      'The encoder has diverged: train it with a lower learning rate.',
    )
  }
}

/**
 * Checks a training and a test set that belong together.
 *
 * @param classes Number of classes; default: one more than the largest training label.
 * @returns Both sets, and the number of classes.
 * @throws SimclrError if either set is unusable, widths differ, or a label is not below `classes`.
 */
export function checkFeaturePair(
  parameter: string,
  train: Features,
  test: Features,
  classes?: number,
): { train: LabelledFeatures; test: LabelledFeatures; classes: number } {
  checkFeatures(`${parameter}: train`, train)
  checkFeatures(`${parameter}: test`, test)
  if (train.width !== test.width) {
    fail(`${parameter}: test`, `of the training features' width, ${train.width}`, String(test.width))
  }
  const count = classes ?? largest(train.labels) + 1
  checkInteger(`${parameter}: classes`, count, 1)
  for (const [name, { labels }] of [['train', train] as const, ['test', test] as const]) {
    if (largest(labels) < count) continue
    fail(
      `${parameter}: ${name} labels`,
      `below the number of classes, ${count}`,
      String(largest(labels)),
      'Use the same classes for both sets, or pass `classes`.',
    )
  }
  return { train, test, classes: count }
}

function largest(labels: Int32Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0)
}

function fail(parameter: string, expected: string, received: string, remedy?: string): never {
  throw new SimclrError({ parameter, expected, received, ...(remedy === undefined ? {} : { remedy }) })
}
