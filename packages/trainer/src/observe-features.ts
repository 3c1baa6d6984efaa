/** The features h of a training step, taken from its own forward pass as values that no gradient flows through. */
import type { Module } from '@simclr/core'
import { SimclrNetwork } from '@simclr/models'
import {
  clone,
  concat,
  dispose,
  keep,
  reshape,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core'

/**
 * Computes something with a network, and gives the features of the views besides.
 *
 * @param views How many views `compute` encodes: the first so many rows count, in chunks of any size that hold the first
 *   views of some images and then their second ones. What is encoded again later, as by `cachedGradients`, does not.
 * @param compute Receives a network that shares all variables with the given one.
 * @returns Features `[views, featureWidth]`, all first views before all second ones. The caller disposes them.
 */
export function observeFeatures<Result>(
  { encoder, projection }: SimclrNetwork,
  views: number,
  compute: (observed: SimclrNetwork) => Result,
): { result: Result; features: Tensor2D } {
  const chunks: Tensor2D[] = []
  let rows = 0
  const observed: Module<Tensor4D, Tensor2D> = {
    apply(x, options) {
      const features = encoder.apply(x, options)
      if (rows < views) chunks.push(keep(clone(features)))
      rows += features.shape[0]
      return features
    },
    parameters: () => encoder.parameters(),
    state: () => encoder.state(),
    dispose: () => encoder.dispose(),
  }
  try {
    const result = compute(new SimclrNetwork({ encoder: observed, projection }))
    return { result, features: joinChunks(chunks) }
  } finally {
    dispose(chunks)
  }
}

function joinChunks(chunks: readonly Tensor2D[]): Tensor2D {
  return tidy(() => {
    const pairs = chunks.map((rows) => reshape(rows, [2, rows.shape[0] / 2, rows.shape[1]]))
    return reshape(concat(pairs, 1), [-1, chunks[0]!.shape[1]])
  })
}
