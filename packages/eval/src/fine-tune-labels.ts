/** The labels that fine-tuning works with: one class for each image, or several. */
import { SimclrError } from '@simclr/core'
import type { Dataset, Metric } from '@simclr/data'

/** What is reported where nothing else is asked for: the accuracy, for images with several classes the mean precision. */
export function defaultMetric({ multiLabels }: Dataset): Metric {
  return multiLabels === undefined ? 'top-1 accuracy' : '11-point mAP'
}

/** @throws SimclrError unless all are labelled, not empty, of as many classes, and the metric is for their labels. */
export function checkFineTuneDatasets(caller: string, datasets: readonly Dataset[], metric: Metric): void {
  const [first] = datasets
  for (const dataset of datasets) {
    const { name, length, classes } = dataset
    if (length === 0 || classes.length === 0 || (dataset.labels ?? dataset.multiLabels) === undefined) {
      fail(
        'dataset',
        'labelled and of at least one image',
        `${name} with ${length} images and ${classes.length} classes`,
      )
    }
    if (classes.length !== first!.classes.length) {
      fail('test', `of the training set's ${first!.classes.length} classes`, `${classes.length} in ${name}`)
    }
    const several = dataset.labels === undefined
    if (several !== (metric === '11-point mAP')) {
      const expected = several ? '11-point mAP' : 'top-1 accuracy or mean per-class accuracy'
      fail(
        'metric',
        `${expected} for ${name}, whose images have ${several ? 'several classes' : 'one class each'}`,
        metric,
      )
    }
  }

  function fail(option: string, expected: string, received: string): never {
    throw new SimclrError({ parameter: `${caller}: ${option}`, expected, received })
  }
}
