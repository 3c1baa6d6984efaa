/** The projections of all processes, so that each takes its negatives from the whole batch (paper section 2.1). */
import type { Communicator } from '@simclr/core'
import { customGrad, reshape, slice, type Tensor2D, tidy, transpose } from '@tensorflow/tfjs-core'

/** Gathered projections, and where those of this process are. */
export type GatheredProjections = {
  /** `[2N, D]`: view one of every image in rank order, then view two. The caller disposes it. */
  readonly all: Tensor2D
  /** Where this process's images begin among the N. */
  readonly offset: number
}

/**
 * Differentiable: the gradient of a local row is the sum of what every process derives with respect to it, so that each
 * process holds the gradient of the sum of all losses.
 *
 * @param local `[2n, D]` in two halves, n the same on every rank. Without other processes it is itself the result.
 */
export function gatherProjections(local: Tensor2D, communicator: Communicator): GatheredProjections {
  const { rank, size } = communicator
  const [rows, width] = local.shape
  const images = rows / 2
  const offset = rank * images
  if (size === 1) return { all: local, offset }
  const operation = customGrad<Tensor2D>((...args) => {
    const [hidden] = args as [Tensor2D]
    const ranks = reshape(communicator.allGather(hidden), [size, 2, images, width])
    const value = reshape(transpose(ranks, [1, 0, 2, 3]), [size * rows, width]) as Tensor2D
    const gradFunc = (dy: Tensor2D): Tensor2D =>
      tidy(() => {
        const sums = reshape(communicator.allReduceSum(dy), [2, size * images, width])
        return reshape(slice(sums, [0, offset, 0], [2, images, width]), [rows, width]) as Tensor2D
      })
    return { value, gradFunc }
  })
  return { all: operation(local), offset }
}
