/** Named parameters with roles, and the modules that own them. */
import type { Tensor, Variable } from '@tensorflow/tfjs-core'

/**
 * What a parameter does. Optimizers and weight decay include or exclude parameters by role, never by name:
 * the paper's LARS adapts and decays `kernel` only.
 */
export type ParameterRole = 'kernel' | 'bias' | 'scale' | 'offset'

/** A trainable (or frozen) variable of a module. */
export interface Parameter {
  /** Unique within its network, e.g. `group1.block0.conv1.kernel`. */
  readonly name: string
  readonly role: ParameterRole
  readonly value: Variable
  /** Whether optimizers may change it. */
  readonly trainable: boolean
}

/** A tensor with a name: moving statistics of a module, or a part of an optimizer's state. */
export interface NamedTensor {
  readonly name: string
  readonly value: Tensor
}

/** Non-trained state of a module, e.g. the moving mean of a batch normalisation. */
export interface StateVariable {
  readonly name: string
  readonly value: Variable
}

/** How a module is applied. */
export interface ApplyOptions {
  /** Training uses batch statistics and moves the moving ones; inference uses the moving statistics. */
  readonly training: boolean
  /** Share of the old moving statistics that a training step keeps, 0..1, for all layers. Default: each layer's own. */
  readonly batchNormMomentum?: number
}

/** A differentiable function of a tensor that owns variables. */
export interface Module<Input extends Tensor = Tensor, Output extends Tensor = Tensor> {
  /** Maps a batch; the caller disposes the result. Arguments are never disposed. */
  apply(x: Input, options: ApplyOptions): Output
  /** All parameters in a fixed order. */
  parameters(): Parameter[]
  /** Moving statistics in a fixed order. */
  state(): StateVariable[]
  /** Disposes every variable. The module cannot be used afterwards. */
  dispose(): void
}
