/** The layout that every contrastive loss here takes: view one of all images, then view two in the same order. */
import { SimclrError } from '@simclr/core'
import { slice, type Tensor2D } from '@tensorflow/tfjs-core'

/**
 * Checks the layout `[2N, D]` in which rows i and i + N show the same image.
 *
 * @returns N, the number of images.
 * @throws SimclrError unless the tensor has rank 2 and an even number of rows, at least 2.
 */
export function countViewPairs(caller: string, hidden: Tensor2D): number {
  const [rows] = hidden.shape
  if (hidden.rank === 2 && rows > 0 && rows % 2 === 0) return rows / 2
  throw new SimclrError({
    parameter: `${caller}: hidden`,
    expected: 'of shape [2N, D] (two views per image)',
    received: `shape [${hidden.shape.join(', ')}]`,
    remedy: 'Concatenate the two views along axis 0.',
  })
}

/** The rows of view one and of view two, each `[N, D]`; the caller disposes both. */
export function splitViewPairs(hidden: Tensor2D): [Tensor2D, Tensor2D] {
  const [rows, width] = hidden.shape
  return [slice(hidden, [0, 0], [rows / 2, width]), slice(hidden, [rows / 2, 0], [rows / 2, width])]
}
