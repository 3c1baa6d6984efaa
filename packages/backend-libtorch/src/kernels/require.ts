/** What kernels demand of their arguments where torch would compute something else than tfjs. */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import { LibtorchError } from '../libtorch-error.ts'

/** @throws LibtorchError unless every tensor has the data type */
export function requireType(dtype: DataType, ...tensors: readonly TensorInfo[]): void {
  for (const tensor of tensors) {
    if (tensor.dtype !== dtype) throw new LibtorchError(`A tensor must be ${dtype}, got ${tensor.dtype}.`)
  }
}

/** @throws LibtorchError unless every tensor has the data type of the first */
export function requireOneType(tensors: readonly TensorInfo[]): void {
  const types = new Set(tensors.map(({ dtype }) => dtype))
  if (types.size > 1) throw new LibtorchError(`All tensors must have one data type, got ${[...types]}.`)
}

/** @throws LibtorchError unless every shape has that many axes */
export function requireRank(rank: number, ...shapes: readonly (readonly number[])[]): void {
  for (const shape of shapes) {
    if (shape.length !== rank) throw new LibtorchError(`A shape must have ${rank} axes, got [${shape}].`)
  }
}

/** @throws LibtorchError unless every value is an integer of at least `lowest` */
export function requireIntegers(name: string, values: readonly number[], lowest = 0): void {
  if (!values.every((value) => Number.isInteger(value) && value >= lowest)) {
    throw new LibtorchError(`${name} must hold integers of at least ${lowest}, got [${values}].`)
  }
}

/** @throws LibtorchError unless there are as many pairs of non-negative integers as axes */
export function requirePairs(name: string, pairs: readonly (readonly number[])[], axes: number): void {
  if (pairs.length !== axes || pairs.some((pair) => pair.length !== 2)) {
    throw new LibtorchError(`${name} must be ${axes} pairs, got ${JSON.stringify(pairs)}.`)
  }
  requireIntegers(name, pairs.flat())
}
