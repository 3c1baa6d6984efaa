/** What a linear classifier loses on rows of features: the part in which kinds of logistic regression differ. */
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** Classes come first, rows last: products of the features with thin matrices are several times faster so in libtorch. */
export interface LogisticLoss {
  readonly classes: number
  /** Rows that there are labels of. */
  readonly rows: number
  /** What the other functions take for rows `start` to `end`: `[classes, end - start]`, disposed by the caller. */
  targets(start: number, end: number): Tensor2D
  /**
   * The loss of each row `[rows]`, and its derivatives by the logits `[classes, rows]`. Call it inside `tidy`.
   *
   * @param logits `[classes, rows]`
   */
  evaluate(logits: Tensor2D, targets: Tensor2D): { losses: Tensor1D; slopes: Tensor2D }
  /** Second derivatives of the loss by each logit: `[classes, rows]`. Call it inside `tidy`. */
  curvatures(logits: Tensor2D, targets: Tensor2D): Tensor2D
}
