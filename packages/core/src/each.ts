/**
 * Arithmetic on lists of tensors, one for each parameter. An engine that registers the kernels `EachAdd`, `EachMultiply`
 * and `EachNorm` does a whole list in one call; elsewhere TensorFlow.js does one tensor after the other.
 */
import {
  add,
  engine,
  getBackend,
  getKernel,
  mul,
  type NamedTensorMap,
  type Scalar,
  sqrt,
  square,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core'

type List = readonly Tensor[]

/**
 * `a[i] + factor · b[i]`.
 *
 * @param a Float32 tensors of any shapes.
 * @param b As many, each shaped like its partner.
 * @param factor Default 1.
 * @returns Shaped like `a`; the caller disposes them.
 */
export function addEach(a: List, b: List, factor = 1): Tensor[] {
  return (
    inOneCall('EachAdd', [...a, ...b], { factor }) ??
    a.map((tensor, i) => add(tensor, factor === 1 ? b[i]! : mul(b[i]!, factor)))
  )
}

/**
 * `a[i] · b[i]`, or every tensor times one number.
 *
 * @param a Float32 tensors of any shapes.
 * @param b As many, each shaped like its partner or a scalar; or a number.
 * @returns Shaped like `a`; the caller disposes them.
 */
export function multiplyEach(a: List, b: List | number): Tensor[] {
  return typeof b === 'number'
    ? (inOneCall('EachMultiply', a, { factor: b }) ?? a.map((tensor) => mul(tensor, b)))
    : (inOneCall('EachMultiply', [...a, ...b], {}) ?? a.map((tensor, i) => mul(tensor, b[i]!)))
}

/** The Euclidean norm of each float32 tensor, as scalars that the caller disposes. */
export function normEach(a: List): Scalar[] {
  return (
    (inOneCall('EachNorm', a, {}) as Scalar[] | undefined) ?? a.map((tensor) => sqrt(sum(square(tensor))))
  )
}

/** The results of the engine's own kernel, or undefined if it has none. */
function inOneCall(kernel: string, inputs: List, attributes: { factor?: number }): Tensor[] | undefined {
  if (inputs.length === 0) return []
  if (getKernel(kernel, getBackend()) === undefined) return undefined
  return engine().runKernel<Tensor[]>(kernel, inputs as unknown as NamedTensorMap, attributes)
}
