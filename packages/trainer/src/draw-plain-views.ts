/** As `drawViews`, computed on the processor, image by image in vector code. */
import { augmentBatch, type ImageAugmentation, type PackedImages } from '@simclr/augment/image'
import type { ImageBatch } from '@simclr/data'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import type { ViewKey } from './draw-views.ts'
import type { TwoViewPlan } from './view-plan.ts'

/**
 * Two views of every image of a batch.
 *
 * @param batch Either what the views have in common, or (with `views` 2) the box of each that the decoder has cut.
 * @returns `[2N, size, size, 3]` float32 in [0, 1], all first views before all second ones. The caller disposes it.
 */
export function drawPlainViews(
  { images: data, count, views, height, width, indices }: ImageBatch,
  { shared, branches }: TwoViewPlan<ImageAugmentation>,
  keyOf: ViewKey,
): Tensor4D {
  let images: PackedImages = { data, count: views * count, height, width }
  if (shared !== undefined) {
    const drawn = shared.sample((i) => keyOf(indices[i]!, 0).fold('shared'), count, images)
    images = { ...shared.outputSize({ height, width }), data: augmentBatch(shared, images, drawn), count }
  }
  const { height: rows, width: columns } = branches[0].outputSize(images)
  const length = count * rows * columns * 3
  const output = new Float32Array(branches.length * length)
  for (const [view, branch] of branches.entries()) {
    const drawn = branch.sample((i) => keyOf(indices[i]!, view), count, images)
    const source = drawn.map((_, i) => (view * count + i) % images.count)
    augmentBatch(branch, images, drawn, {
      source,
      output: output.subarray(view * length, (view + 1) * length),
    })
  }
  return tensor4d(output, [branches.length * count, rows, columns, 3])
}
