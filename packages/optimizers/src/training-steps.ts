/** From epochs to updates, as the official `get_train_steps` counts them. */
import { checkInteger, checkRange } from '@simclr/core'

export interface TrainingStepsOptions {
  /** Images in the training set. */
  readonly examples: number
  /** Images per update, over all processes. */
  readonly batchSize: number
  readonly epochs: number
  /** Default 10, the paper's. */
  readonly warmupEpochs?: number
}

/** What {@link warmupCosine} needs to know of a run's length. */
export interface TrainingSteps {
  readonly warmupSteps: number
  readonly totalSteps: number
}

/**
 * warmupSteps = ⌊warmupEpochs·examples/batchSize⌋ and totalSteps = ⌊epochs·examples/batchSize⌋ + 1.
 *
 * @throws SimclrError if a count is not positive.
 */
export function trainingSteps({
  examples,
  batchSize,
  epochs,
  warmupEpochs = 10,
}: TrainingStepsOptions): TrainingSteps {
  checkInteger('trainingSteps: examples', examples, 1)
  checkInteger('trainingSteps: batchSize', batchSize, 1)
  checkRange('trainingSteps: epochs', epochs, 0, Number.MAX_VALUE)
  checkRange('trainingSteps: warmupEpochs', warmupEpochs, 0, Number.MAX_VALUE)
  return {
    warmupSteps: Math.floor((warmupEpochs * examples) / batchSize),
    totalSteps: Math.floor((epochs * examples) / batchSize) + 1,
  }
}
