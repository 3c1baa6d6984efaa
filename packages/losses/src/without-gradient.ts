/** Choices that a loss makes by looking at its input, held constant when the gradient is taken. */
import { customGrad, type Tensor, type Tensor2D, zerosLike } from '@tensorflow/tfjs-core'

/**
 * A function of `x` through which no gradient flows, whatever operations it uses.
 *
 * @param x Of the shape of the result.
 * @returns `choose(x)`; the caller disposes it.
 */
export function withoutGradient(choose: (x: Tensor2D) => Tensor2D, x: Tensor2D): Tensor2D {
  const constant = customGrad((value) => ({
    value: choose(value as Tensor2D) as Tensor,
    gradFunc: (dy: Tensor) => zerosLike(dy),
  }))
  return constant(x) as Tensor2D
}
