/** How right a classifier is on each test image: what significance tests compare (SimCLR appendix B.8). */
import type { Metric } from '@simclr/data'
import { predictedClasses } from './predicted-classes.ts'
import type { Labels } from './score-predictions.ts'

/**
 * One number for each image, whose sum orders classifiers as the metric does:
 *
 * - top-1 accuracy: 1 where the classifier is right, else 0;
 * - mean per-class accuracy: that, divided by the number of images of the class;
 * - 11-point mAP: the share of the classes that the image is right about, present ones with a positive score and absent
 *   ones with another; difficult ones count as wrong for everyone. The paper tests VOC2007 on accuracy too, as a mean
 *   precision is no sum over images. Classes of one image are not independent: it is images that tests exchange.
 *
 * @param scores Logits `[n, classes]`, row-major.
 * @returns Length n.
 */
export function transferCorrectness(
  metric: Metric,
  scores: Float32Array,
  labels: Labels,
  classes: number,
): Float64Array {
  if (labels instanceof Int8Array) {
    return Float64Array.from({ length: labels.length / classes }, (_, image) => {
      const row = labels.subarray(image * classes, (image + 1) * classes)
      const right = row.filter((label, c) => label === (scores[image * classes + c]! > 0 ? 1 : -1))
      return right.length / classes
    })
  }
  const predictions = predictedClasses(scores, classes)
  const images = new Int32Array(classes).fill(metric === 'top-1 accuracy' ? 1 : 0)
  if (metric !== 'top-1 accuracy') for (const label of labels) images[label]! += 1
  return Float64Array.from(labels, (label, i) => (predictions[i] === label ? 1 / images[label]! : 0))
}
