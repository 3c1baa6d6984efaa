/** The parts of tfjs-node's backend that our kernels call: any TensorFlow operation by name. */
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'

export interface OperationAttribute {
  readonly name: string
  /** One of the binding's `TF_ATTR_…` numbers. */
  readonly type: number
  readonly value: boolean | number | string | readonly number[]
}

export interface TensorflowBinding {
  /** TensorFlow's version, e.g. `2.21.0`. */
  readonly TF_Version: string
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_TYPE: number
  readonly TF_FLOAT: number
}

export interface TensorflowBackend {
  readonly binding: TensorflowBinding
  readonly isUsingGpuDevice: boolean
  executeSingleOutput(
    operation: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly TensorInfo[],
  ): Tensor
  executeMultipleOutputs(
    operation: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[]
}
