/** Batch normalisation with the statistics of the batch (Ioffe & Szegedy 2015), one operation in each direction. */
import { type Communicator, SimclrError, singleProcess } from '@simclr/core'
import { customGrad, type GradSaveFunc, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core'
import { nativeBatchNorm } from './batch-norm-native.ts'
import { synchronizedBatchNorm } from './batch-norm-synchronized.ts'

export interface BatchNormTrainingOptions {
  /** `[C]`; absent means 1. */
  readonly scale?: Tensor | undefined
  /** `[C]`; absent means 0. */
  readonly offset?: Tensor | undefined
  /** Added to the variance; default 1e-5, as the official code. */
  readonly epsilon?: number
  /** Added to the result before the ReLU; shaped like x. */
  readonly residual?: Tensor | undefined
  /** Whether a ReLU follows; default false. */
  readonly relu?: boolean
  /** The processes whose rows are normalised together; default this one alone. */
  readonly communicator?: Communicator
  /**
   * Called once with the mean and 1 / sqrt(variance + epsilon) of the batch, both `[C]`, the variance biased. Runs
   * outside of the gradient tape; the tensors are disposed when it returns.
   */
  readonly onStatistics?: (mean: Tensor1D, inverseDeviation: Tensor1D) => void
}

/**
 * relu((x − mean) / sqrt(variance + epsilon) · scale + offset + residual), with the mean and biased variance over
 * all axes but the last. Differentiable once with respect to x, scale, offset and residual.
 *
 * Uses the kernels of the current backend where it has them, otherwise TensorFlow.js operations: `BatchNormTraining` and
 * `BatchNormTrainingGrad` for one process; over several, with one reduction in each direction, `BatchNormMoments`,
 * `BatchNormNormalize`, `BatchNormGradSums` and `BatchNormInputGrad`.
 *
 * @param x `[N, H, W, C]` or `[N, C]`, float32. It must have two rows or more.
 * @returns Shaped like x; the caller disposes it.
 * @throws SimclrError if each channel has only one value, whose variance is always 0.
 */
export function batchNormTraining<T extends Tensor>(x: T, options: BatchNormTrainingOptions = {}): T {
  const { scale, offset, epsilon = 1e-5, residual, relu = false, communicator = singleProcess } = options
  checkRows(x, communicator)

  const pass =
    (communicator.size === 1 ? nativeBatchNorm() : undefined) ?? synchronizedBatchNorm(communicator)
  const scaleInput = scale === undefined ? {} : { scale }
  const offsetInput = offset === undefined ? {} : { offset }
  const residualInput = residual === undefined ? {} : { residual }
  const inputs = { x, ...scaleInput, ...offsetInput, ...residualInput }

  const operation = customGrad<T>((...args) => {
    const save = args[args.length - 1] as GradSaveFunc
    const [y, mean, inverseDeviation] = pass.forward(inputs, { epsilon, relu }) as [T, Tensor1D, Tensor1D]
    options.onStatistics?.(mean, inverseDeviation)
    const kept = { x, mean, inverseDeviation, ...scaleInput, ...(relu ? { y } : {}) }
    save(Object.values(kept))

    const gradFunc = (dy: T, saved: Tensor[]): Tensor[] =>
      tidy(() => {
        const restored = Object.fromEntries(Object.keys(kept).map((name, i) => [name, saved[i]!]))
        const [dx, dScale, dOffset, dResidual] = pass.backward(
          { dy, ...(restored as Omit<typeof kept, 'scale' | 'y'>) },
          { epsilon, relu, hasResidual: residual !== undefined, discardsY: true },
        )
        const gradients = { x: dx!, scale: dScale!, offset: dOffset!, residual: dResidual! }
        return (Object.keys(inputs) as (keyof typeof gradients)[]).map((name) => gradients[name])
      })
    return { value: y, gradFunc }
  })
  return operation(...Object.values(inputs))
}

function checkRows(x: Tensor, communicator: Communicator): void {
  const rows = (x.size / x.shape[x.rank - 1]!) * communicator.size
  if (rows >= 2) return
  throw new SimclrError({
    parameter: 'batchNormTraining: x',
    expected: 'at least two rows, over which mean and variance are taken',
    received: `shape [${x.shape.join(', ')}]`,
    remedy: 'Train with a batch of two or more images.',
  })
}
