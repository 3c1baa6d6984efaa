/** The contrastive loss of a configuration (paper section 5.1, table 4). */
import { type Communicator, SimclrError, singleProcess } from '@simclr/core'
import {
  marginTripletGathered,
  ntLogisticGathered,
  ntXentGathered,
  ntXentSemiHardGathered,
} from '@simclr/losses'
import { type Scalar, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import type { Config } from './config.ts'
import { gatherProjections } from './gather-projections.ts'

/** Maps the projections of this process, `[2n, D]` in two halves, to a scalar. */
export type ContrastiveLoss = (hidden: Tensor2D) => Scalar

/** Of local rows among gathered ones. */
type GatheredLoss = (local: Tensor2D, all: Tensor2D, offset: number) => Scalar

/**
 * @param communicator The processes whose projections are compared; default this one alone. The mean of the results of all
 *   is the loss of the whole batch.
 * @throws SimclrError if the configuration weighs the negatives of NT-Xent, which does so itself.
 */
export function buildLoss(config: Config, communicator: Communicator = singleProcess): ContrastiveLoss {
  const loss = gatheredLoss(config)
  return (hidden) =>
    tidy(() => {
      const { all, offset } = gatherProjections(hidden, communicator)
      return loss(hidden, all, offset)
    })
}

function gatheredLoss(config: Config): GatheredLoss {
  const { loss, negatives, temperature, margin, normalize } = config
  const weighing = negatives === undefined ? {} : { negatives }
  const bind =
    <Options>(
      of: (...args: [...Parameters<GatheredLoss>, Options]) => Scalar,
      options: Options,
    ): GatheredLoss =>
    (local, all, offset) =>
      of(local, all, offset, options)
  if (loss === 'nt-logistic') return bind(ntLogisticGathered, { temperature, normalize, ...weighing })
  if (loss === 'margin-triplet') return bind(marginTripletGathered, { margin, normalize, ...weighing })
  if (negatives === undefined) return bind(ntXentGathered, { temperature, normalize })
  if (negatives !== 'mean' && negatives !== 'sum') {
    return bind(ntXentSemiHardGathered, { temperature, normalize, negatives })
  }
  throw new SimclrError({
    parameter: 'config: negatives',
    expected: 'a semi-hard rule, or left out, for the loss nt-xent',
    received: `"${negatives}"`,
    remedy: 'NT-Xent weighs all negatives itself.',
  })
}
