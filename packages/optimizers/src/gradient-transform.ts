/** The part that optimizers are chained from: a rule that turns one parameter's gradient into another. */
import type { Parameter } from '@simclr/core'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'

/** What a transform may look at besides the gradient. */
export interface TransformContext {
  readonly parameter: Parameter
  /** Number of updates already made: 0 in the first one. */
  readonly step: number
  /** What the transform remembers of this parameter under one of its {@link GradientTransform.slots}. */
  slot(name: string): Variable
}

/**
 * A rule applied to one gradient at a time. The last transform of a chain returns what is subtracted from the
 * parameter.
 */
export interface GradientTransform {
  /** Names of the tensors kept between updates, one each per parameter, of its shape and starting at zero. */
  readonly slots: readonly string[]
  /** Runs inside `tidy`. Writes to slots by `assign`; never changes the parameter. */
  apply(gradient: Tensor, context: TransformContext): Tensor
}
