/** What the layers of one network share, and how they create their variables. */
import type { Communicator, Parameter, ParameterRole, RandomKey, StateVariable } from '@simclr/core'
import { fill, tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core'
import type { Initializer } from './initializers.ts'

/** Handed from a network to each of its layers. */
export interface LayerContext {
  /** Every kernel draws its values from this key folded with its own name. */
  readonly key: RandomKey
  /** Whether kernels are drawn; otherwise they are zeros. Default true. */
  readonly initialize?: boolean
  /** Whether parameters are not trainable and batch normalisation uses, and keeps, its moving statistics. */
  readonly frozen: boolean
  /** The processes over which batch statistics are taken. */
  readonly communicator: Communicator
}

export function createKernel(
  name: string,
  shape: number[],
  initializer: Initializer,
  { key, frozen, initialize = true }: LayerContext,
): Parameter {
  const trainable = !frozen
  if (initialize) return createParameter(name, 'kernel', shape, initializer(key.fold(name), shape), trainable)
  return { name, role: 'kernel', value: tidy(() => variable(fill(shape, 0), trainable)), trainable }
}

export function createParameter(
  name: string,
  role: ParameterRole,
  shape: number[],
  values: Float32Array,
  trainable: boolean,
): Parameter {
  return { name, role, value: createVariable(shape, values, trainable), trainable }
}

export function createState(name: string, shape: number[], values: Float32Array): StateVariable {
  return { name, value: createVariable(shape, values, false) }
}

function createVariable(shape: number[], values: Float32Array, trainable: boolean): Variable {
  return tidy(() => variable(tensor(values, shape, 'float32'), trainable))
}
