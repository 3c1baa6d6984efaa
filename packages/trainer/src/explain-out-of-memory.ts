/** Turns an engine's lack of memory into what a user can do about it: train with a batch that fits. */
import { type Module, SimclrError, valueAndGradients } from '@simclr/core'
import { ntXent } from '@simclr/losses'
import { dispose, type Scalar, type Tensor2D, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core'
import type { Config } from './config.ts'

type TrainingShape = Pick<Config, 'batchSize' | 'imageSize' | 'temperature'>

/**
 * Runs an update.
 *
 * @param ranks Processes that make it together; with others no smaller batches are tried.
 * @throws SimclrError that names the batch size, and the largest of its halves, quarters, … that fits, if the engine runs
 *   out of memory; the moving statistics of the network are then those of no training. Other errors pass.
 */
export function explainOutOfMemory<Result>(
  shape: TrainingShape,
  network: Module<Tensor4D, Tensor2D>,
  update: () => Result,
  ranks = 1,
): Result {
  try {
    return update()
  } catch (cause) {
    if (!isOutOfMemory(cause)) throw cause
    throw new SimclrError({
      parameter: 'config: batchSize',
      expected: 'small enough for the memory of the device',
      received: String(shape.batchSize),
      remedy: ranks === 1 ? fittingBatch(shape, network) : 'Start more ranks, or lower --batch-size.',
      cause,
    })
  }
}

function fittingBatch(shape: TrainingShape, network: Module<Tensor4D, Tensor2D>): string {
  const fitting = largestFittingBatch(shape, network)
  return fitting === undefined
    ? 'Not even 2 images fit: take a smaller network or smaller views.'
    : `The largest that fitted is ${fitting}: use --batch-size ${fitting}.`
}

/** Backends mark their errors; this package knows none of them. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'isOutOfMemory' in error && error.isOutOfMemory === true
}

function largestFittingBatch(
  { batchSize, imageSize, temperature }: TrainingShape,
  network: Module<Tensor4D, Tensor2D>,
): number | undefined {
  const variables = network.parameters().flatMap(({ trainable, value }) => (trainable ? [value] : []))
  for (let count = Math.floor(batchSize / 2); count >= 2; count = Math.floor(count / 2)) {
    try {
      const { value, gradients } = tidy(() => {
        const views = zeros([2 * count, imageSize, imageSize, 3]) as Tensor4D
        const loss = (): Scalar => ntXent(network.apply(views, { training: true }), { temperature }) as Scalar
        return valueAndGradients(loss, variables)
      })
      dispose([value, ...gradients])
      return count
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
    }
  }
  return undefined
}
