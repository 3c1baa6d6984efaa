/** Any number of views of each image, each by its own pipeline. */
import { checkShape, type RandomKey, SimclrError } from '@simclr/core'
import { concat, type Tensor4D, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Augmentation } from './augmentation.ts'
import { cropAndResize } from './crop-and-resize.ts'
import { type CropPairOptions, sampleCropPair } from './draw/crop-pair.ts'

/** How the views of an image come about. */
export interface ViewPlan {
  /** Applied once to each image, before its views part: the common crop of the paper's composition study. */
  readonly shared?: Augmentation
  /** Cuts the two views out of each image as a pair (figure 3), scaled to `size` × `size`; needs two branches. */
  readonly pair?: CropPairOptions & { readonly size: number }
  /** One pipeline per view; all results have one size. */
  readonly branches: readonly Augmentation[]
}

/**
 * Draws views of every image.
 *
 * @param images `[N, h, w, 3]` float32 in [0, 1].
 * @param random The key of a view 0..V-1 of image 0..N-1; fold seed, epoch and example into it. What views share is
 * drawn from the key of view 0.
 * @returns `[V·N, h', w', 3]`, view-major: rows v·N..(v+1)·N-1 are view v. The caller disposes it.
 * @throws SimclrError if there is no branch, if the branches' sizes differ, or for a pair without two branches.
 *
 * @example
 * const crop = randomResizedCrop({ size: 32, flip: 0.5 })
 * const plan = { branches: [crop, crop, compose([crop, colorJitter()])] }
 * const views = multipleViews(images, plan, (image, view) => key.fold(image).fold(view))
 */
export function multipleViews(
  images: Tensor4D,
  { shared, pair, branches }: ViewPlan,
  random: (image: number, view: number) => RandomKey,
): Tensor4D {
  checkShape('multipleViews: images', images.shape, [-1, -1, -1, 3], 'Pass RGB images [n, height, width, 3].')
  checkBranches(branches, pair !== undefined)
  const count = images.shape[0]
  return tidy(() => {
    let sources: Tensor4D = transpose(images, [0, 3, 1, 2])
    if (shared !== undefined) {
      const drawn = shared.sample((i) => random(i, 0).fold('shared'), count, sizeOf(sources))
      sources = shared.applyPlanar(sources, drawn)
    }
    const pairs =
      pair &&
      Array.from({ length: count }, (_, i) =>
        sampleCropPair(random(i, 0).fold('pair'), sizeOf(sources), pair),
      )
    const inputs = branches.map((_, view) => {
      if (pairs === undefined || pair === undefined) return sources
      const boxes = pairs.map((boxes) => boxes[view]!)
      return cropAndResize(sources, boxes, { height: pair.size, width: pair.size })
    })
    return transpose(applyBranches(inputs, branches, random), [0, 2, 3, 1])
  })
}

/** Branches that are the same augmentation are computed as one batch. */
function applyBranches(
  inputs: readonly Tensor4D[],
  branches: readonly Augmentation[],
  random: (image: number, view: number) => RandomKey,
): Tensor4D {
  const drawn = branches.map(({ sample }, view) =>
    sample((i) => random(i, view), inputs[view]!.shape[0], sizeOf(inputs[view]!)),
  )
  const first = branches[0]!
  if (branches.every((branch) => branch === first)) return first.applyPlanar(join(inputs), drawn.flat())
  const views = branches.map(({ applyPlanar }, view) => applyPlanar(inputs[view]!, drawn[view]!))
  const sizes = new Set(views.map(({ shape }) => `${shape[2]} × ${shape[3]}`))
  if (sizes.size === 1) return join(views)
  throw new SimclrError({
    parameter: 'multipleViews: branches',
    expected: 'views of one size',
    received: Array.from(sizes).join(' and '),
    remedy: 'Let every branch end in the same size.',
  })
}

function join(parts: readonly Tensor4D[]): Tensor4D {
  return parts.length === 1 ? parts[0]! : concat([...parts])
}

function sizeOf({ shape }: Tensor4D): { height: number; width: number } {
  return { height: shape[2], width: shape[3] }
}

function checkBranches(branches: readonly Augmentation[], isPair: boolean): void {
  const valid = isPair ? branches.length === 2 : branches.length > 0
  if (valid) return
  throw new SimclrError({
    parameter: 'multipleViews: branches',
    expected: isPair ? 'two, one for each view of a pair' : 'at least one',
    received: String(branches.length),
    remedy: 'List an augmentation for every view, compose([]) for none.',
  })
}
