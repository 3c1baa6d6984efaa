/** The contrastive loss of a configuration (paper section 5.1, table 4). */
import { SimclrError } from '@simclr/core'
import { marginTriplet, ntLogistic, ntXent, ntXentSemiHard } from '@simclr/losses'
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import type { Config } from './config.ts'

/** Maps projections `[2N, D]`, in two halves, to a scalar. */
export type ContrastiveLoss = (hidden: Tensor2D) => Scalar

/**
 * @throws SimclrError if the configuration weighs the negatives of NT-Xent, which does so itself.
 */
export function buildLoss(config: Config): ContrastiveLoss {
  const { loss, negatives, temperature, margin, normalize } = config
  const weighing = negatives === undefined ? {} : { negatives }
  if (loss === 'nt-logistic') return (hidden) => ntLogistic(hidden, { temperature, normalize, ...weighing })
  if (loss === 'margin-triplet') return (hidden) => marginTriplet(hidden, { margin, normalize, ...weighing })
  if (negatives === undefined) return (hidden) => ntXent(hidden, { temperature, normalize })
  if (negatives !== 'mean' && negatives !== 'sum') {
    return (hidden) => ntXentSemiHard(hidden, { temperature, normalize, negatives })
  }
  throw new SimclrError({
    parameter: 'config: negatives',
    expected: 'a semi-hard rule, or left out, for the loss nt-xent',
    received: `"${negatives}"`,
    remedy: 'NT-Xent weighs all negatives itself.',
  })
}
