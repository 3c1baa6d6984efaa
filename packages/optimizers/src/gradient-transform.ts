/** The part that optimizers are chained from: a rule that turns the parameters' gradients into others. */
import type { Parameter } from '@simclr/core'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'

/** What a transform may look at besides the gradients. */
export interface TransformContext {
  readonly parameters: readonly Parameter[]
  /** Number of updates already made: 0 in the first one. */
  readonly step: number
  /** What the transform remembers of each parameter under one of its {@link GradientTransform.slots}. */
  slot(name: string): readonly Variable[]
}

/**
 * A rule applied to the gradients of all parameters. The last transform of a chain returns what is subtracted from the
 * parameters.
 */
export interface GradientTransform {
  /** Names of the tensors kept between updates, one each per parameter, of its shape and starting at zero. */
  readonly slots: readonly string[]
  /**
   * Runs inside `tidy`. Writes to slots by `assign`; never changes a parameter.
   *
   * @param gradients One per parameter of the context, in its order.
   */
  apply(gradients: readonly Tensor[], context: TransformContext): readonly Tensor[]
}
