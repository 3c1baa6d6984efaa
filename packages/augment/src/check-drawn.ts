/** Guards against applying the parameters of one batch to another. */
import { SimclrError } from '@simclr/core'
import type { Tensor4D } from '@tensorflow/tfjs-core'

/** @throws SimclrError unless parameters were drawn for as many images as there are. */
export function checkDrawn(images: Tensor4D, drawnCount: number): void {
  if (drawnCount === images.shape[0]) return
  throw new SimclrError({
    parameter: 'augmentation: drawn parameters',
    expected: `drawn for ${images.shape[0]} images`,
    received: `parameters for ${drawnCount}`,
    remedy: 'Pass the size of the batch to sample().',
  })
}
