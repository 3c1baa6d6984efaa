/** Class-balanced parts of a labelled dataset, for semi-supervised evaluation (paper, appendix B.5). */
import { checkInteger, checkPositive, checkRange, RandomKey, SimclrError } from '@simclr/core'

/** How many images of each class: a share of them, or a number. */
export type LabelSubsetOptions = ({ readonly fraction: number } | { readonly perClass: number }) & {
  /** Decides which images, default 0. */
  readonly seed?: number
}

/**
 * Chooses images at random, class by class. A larger subset of the same seed contains the smaller one, and a class's
 * choice does not depend on the other classes.
 *
 * @param labels Class of each image, as in `dataset.labels`.
 * @returns ascending positions for `dataset.subset`. With `fraction`, each class gives its rounded share, at least 1.
 * @throws SimclrError for a fraction outside of (0, 1], or if a class has fewer than `perClass` images.
 * @example
 * const onePercent = dataset.subset(labelSubset(dataset.labels, { fraction: 0.01, seed: 1 }))
 */
export function labelSubset(labels: Int32Array, options: LabelSubsetOptions): Int32Array {
  const key = RandomKey.fromSeed(options.seed ?? 0).fold('labelSubset')
  const chosen: number[] = []
  for (const [label, positions] of positionsByClass(labels)) {
    const count = countOf(positions.length, label, options)
    const order = key.fold(label).permutation(positions.length)
    for (const place of order.subarray(0, count)) chosen.push(positions[place]!)
  }
  return Int32Array.from(chosen).sort()
}

function positionsByClass(labels: Int32Array): Map<number, number[]> {
  const positions = new Map<number, number[]>()
  labels.forEach((label, position) => {
    const members = positions.get(label)
    if (members) members.push(position)
    else positions.set(label, [position])
  })
  return positions
}

function countOf(available: number, label: number, options: LabelSubsetOptions): number {
  if ('fraction' in options) {
    checkPositive('labelSubset: fraction', options.fraction)
    checkRange('labelSubset: fraction', options.fraction, 0, 1)
    return Math.max(1, Math.round(options.fraction * available))
  }
  checkInteger('labelSubset: perClass', options.perClass, 1)
  if (options.perClass <= available) return options.perClass
  throw new SimclrError({
    parameter: 'labelSubset: perClass',
    expected: `at most the number of images of every class, ${available} of class ${label}`,
    received: String(options.perClass),
  })
}
