/** The objective of multinomial logistic regression, with its gradient, on the engine. */
import type { Evaluation } from '@simclr/optimizers'
import {
  addN,
  concat,
  dispose,
  exp,
  logSoftmax,
  matMul,
  mul,
  neg,
  oneHot,
  ones,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import type { LabelledFeatures } from './features.ts'

export interface SoftmaxObjective {
  /**
   * Value and gradient at `point`: the weights `[width, classes]` row-major, then the bias `[classes]`.
   */
  evaluate(point: Float64Array): Promise<Evaluation>
  /** Disposes the features on the engine. */
  dispose(): void
}

/** Rows of features, with a last column of ones for the bias, and their labels. */
interface Block {
  readonly inputs: Tensor2D
  readonly labels: Tensor1D
}

/** Elements of the logits of one block: 64 MiB of float32. */
const BLOCK_ELEMENTS = 2 ** 24

/**
 * J = meanᵢ CE(softmax(xᵢW + b), yᵢ) + regularization/2 · ΣW². The cross-entropy is float32, the penalty float64.
 */
export function softmaxObjective(
  { features, width, labels }: LabelledFeatures,
  classes: number,
  regularization: number,
): SoftmaxObjective {
  const blockRows = Math.max(1, Math.floor(BLOCK_ELEMENTS / classes))
  const blocks: Block[] = []
  for (let start = 0; start < labels.length; start += blockRows) {
    const blockLabels = labels.subarray(start, start + blockRows)
    const rows = blockLabels.length
    const inputs = tidy(() => {
      const values = tensor2d(features.subarray(start * width, (start + rows) * width), [rows, width])
      return concat([values, ones([rows, 1])], 1) as Tensor2D
    })
    blocks.push({ inputs, labels: tensor1d(blockLabels, 'int32') })
  }

  return {
    async evaluate(point) {
      const [loss, slope] = tidy(() => {
        const weights = tensor2d(Float32Array.from(point), [width + 1, classes])
        const parts = blocks.map((block) => crossEntropy(block, weights, classes))
        return [addN(parts.map(([value]) => value)), addN(parts.map(([, gradient]) => gradient))]
      })
      const [[total], sums] = await Promise.all([loss.data<'float32'>(), slope.data<'float32'>()])
      dispose([loss, slope])
      const gradient = Float64Array.from(sums, (value) => value / labels.length)
      let penalty = 0
      for (let i = 0; i < width * classes; i++) {
        gradient[i]! += regularization * point[i]!
        penalty += point[i]! ** 2
      }
      return { value: total! / labels.length + (regularization / 2) * penalty, gradient }
    },

    dispose() {
      for (const { inputs, labels } of blocks) dispose([inputs, labels])
    },
  }
}

/** Summed over the block's rows: cross-entropy, and its gradient xᵀ(p − y). */
function crossEntropy({ inputs, labels }: Block, weights: Tensor2D, classes: number) {
  const logProbabilities = logSoftmax(matMul(inputs, weights))
  const targets = oneHot(labels, classes)
  const value = neg(sum(mul(logProbabilities, targets)))
  const gradient = matMul(inputs, sub(exp(logProbabilities), targets) as Tensor2D, true)
  return [value, gradient] as const
}
