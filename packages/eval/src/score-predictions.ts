/** The metric of a test set, from a classifier's scores (SimCLR appendix B.8). */
import { SimclrError } from '@simclr/core'
import type { Metric } from '@simclr/data'
import { accuracy } from './accuracy.ts'
import { elevenPointMeanAveragePrecision } from './eleven-point-map.ts'
import { meanPerClassAccuracy } from './mean-per-class-accuracy.ts'
import { predictedClasses } from './predicted-classes.ts'

/**
 * What images show: an `Int32Array` has one class for each, as `labels` of a dataset; an `Int8Array` a row of
 * [n, classes] for each image with several classes, as `multiLabels`: 1 present, -1 absent, 0 difficult.
 */
export type Labels = Int32Array | Int8Array

/**
 * The share of a test set that scores get right, by the metric that the protocol reports for it.
 *
 * @param scores Shape [n, classes], row-major, finite; any that rank classes, e.g. logits. The largest of a row is its
 * prediction; mean average precision ranks the images of each class by its column.
 * @returns 0..1.
 * @throws SimclrError if the metric is for labels of the other kind, and what the metric itself throws.
 * @example
 * scorePredictions('mean per-class accuracy', scores, test.labels, test.classes.length)
 */
export function scorePredictions(
  metric: Metric,
  scores: Float32Array,
  labels: Labels,
  classes: number,
): number {
  if (metric === '11-point mAP') {
    if (labels instanceof Int8Array) {
      return elevenPointMeanAveragePrecision(scores, labels, classes).mean
    }
  } else if (labels instanceof Int32Array) {
    const predictions = predictedClasses(scores, classes)
    return metric === 'top-1 accuracy'
      ? accuracy(predictions, labels)
      : meanPerClassAccuracy(predictions, labels, classes)
  }
  throw new SimclrError({
    parameter: 'scorePredictions: metric',
    expected:
      labels instanceof Int8Array
        ? 'the 11-point mAP for images with several classes'
        : 'an accuracy for images with one class each',
    received: metric,
  })
}
