/** Fine-tuning on some of the labels, as the paper does it (SimCLR appendix B.5, on all of them B.7). */
import { checkPositive, checkRange } from '@simclr/core'

export interface SemiSupervisedSettings {
  readonly epochs: number
  /** With it `fineTune`'s own defaults are the paper's: a rate of 0.8, no warm-up, no weight decay. */
  readonly batchSize: number
}

/**
 * What `fineTune` takes for a part of the labels: 60 epochs for 1 %, 30 for 10 % and for all. Parts in between take
 * those of the nearer one, by their ratio.
 *
 * @param share Of the training images, those with a label: over 0, at most 1.
 * @throws SimclrError for another share.
 * @example
 * const train = dataset.subset(labelSubset(dataset.labels, { fraction: 0.01 }))
 * await fineTune({ encoder, train, test, ...semiSupervisedSettings(train.length / dataset.length) })
 */
export function semiSupervisedSettings(share: number): SemiSupervisedSettings {
  checkPositive('semiSupervisedSettings: share', share)
  checkRange('semiSupervisedSettings: share', share, 0, 1)
  return { epochs: share < Math.sqrt(0.01 * 0.1) ? 60 : 30, batchSize: 4096 }
}
