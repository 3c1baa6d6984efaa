/** What logistic regression is fitted to and tested on: rows with one class each, or with several. */
import { checkInteger, SimclrError } from '@simclr/core'
import { checkFeatures, checkFeatureValues, type Features } from './features.ts'
import type { Labels } from './score-predictions.ts'

/** Rows of features with their labels, of whichever kind. */
export interface LogisticData extends Features {
  readonly targets: Labels
}

export interface LogisticSets<Data> {
  readonly train: Data
  readonly validation: Data
  readonly test: Data
}

/**
 * @param classes Default: one more than the largest training label; for rows with several classes, the length of a
 * training row's labels.
 * @throws SimclrError if a set is empty or not finite, widths or kinds of labels differ, a label is out of range, or
 * validation or test show a class that training does not.
 */
export function checkLogisticSets(
  caller: string,
  sets: LogisticSets<Features>,
  classes?: number,
): LogisticSets<LogisticData> & { readonly classes: number } {
  const { width, multiLabels } = sets.train
  const count =
    classes ?? (multiLabels ? multiLabels.length / (sets.train.features.length / width) : undefined)
  const check = (name: keyof LogisticSets<Features>): LogisticData => {
    const set = sets[name]
    if (set.width !== width)
      fail(`${caller}: ${name}`, `of the training features' width, ${width}`, String(set.width))
    return multiLabels === undefined
      ? checkSingle(`${caller}: ${name}`, set)
      : checkSeveral(`${caller}: ${name}`, set, count!)
  }
  const [train, validation, test] = [check('train'), check('validation'), check('test')]
  const total = count ?? largest(train.targets) + 1
  checkInteger(`${caller}: classes`, total, 1)
  const seen = presentClasses(train.targets, total)
  for (const [name, { targets }] of Object.entries({ train, validation, test })) {
    const stray = largest(targets)
    if (multiLabels === undefined && stray >= total) {
      fail(
        `${caller}: ${name} labels`,
        `below the number of classes, ${total}`,
        String(stray),
        'Use the same classes for all sets, or pass `classes`.',
      )
    }
    const unseen = [...presentClasses(targets, total)].find((label) => !seen.has(label))
    if (unseen === undefined) continue
    fail(
      `${caller}: train labels`,
      `of every class that ${name} shows`,
      `none of class ${unseen}`,
      'Add training images of the class, or leave it out of all sets.',
    )
  }
  return { train, validation, test, classes: total }
}

function checkSingle(parameter: string, features: Features): LogisticData {
  checkFeatures(parameter, features)
  return { ...features, targets: features.labels }
}

function checkSeveral(parameter: string, features: Features, classes: number): LogisticData {
  const { multiLabels } = features
  if (multiLabels === undefined) {
    fail(`${parameter}: multiLabels`, 'there, as in the training set', 'none')
  }
  checkFeatureValues(parameter, features, multiLabels.length / classes)
  const stray = multiLabels.find((label) => label < -1 || label > 1)
  if (stray !== undefined)
    fail(`${parameter}: multiLabels`, '1 (present), -1 (absent) or 0 (left out)', String(stray))
  return { ...features, targets: multiLabels }
}

/** The rows of one set, then those of the other. */
export function joinLogisticData(first: LogisticData, second: LogisticData): LogisticData {
  const features = new Float32Array(first.features.length + second.features.length)
  features.set(first.features)
  features.set(second.features, first.features.length)
  return { ...first, features, targets: joinLabels(first.targets, second.targets) }
}

function joinLabels(first: Labels, second: Labels): Labels {
  const joined =
    first instanceof Int8Array
      ? new Int8Array(first.length + second.length)
      : new Int32Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

/** Classes that some row shows. */
function presentClasses(labels: Labels, classes: number): Set<number> {
  const present = new Set<number>()
  labels.forEach((label: number, i: number) => {
    if (labels instanceof Int32Array) present.add(label)
    else if (label === 1) present.add(i % classes)
  })
  return present
}

function largest(labels: Labels): number {
  let most = 0
  for (const label of labels) most = Math.max(most, label)
  return most
}

function fail(parameter: string, expected: string, received: string, remedy?: string): never {
  throw new SimclrError({ parameter, expected, received, ...(remedy === undefined ? {} : { remedy }) })
}
