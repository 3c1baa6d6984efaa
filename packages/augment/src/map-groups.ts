/** Treats the images of a batch differently, without computing anything for an image that does not need it. */
import { clone, concat, gather, type Tensor4D, tensor1d, tidy } from '@tensorflow/tfjs-core'

/**
 * Transforms the images of each label together. Images labelled null come through unchanged, bit for bit.
 *
 * @param images `[n, …]`.
 * @param labels One per image.
 * @param transform Maps the images of one label to as many of the same shape; `indices` are their positions.
 * @returns `[n, …]` in the order of the argument. The caller disposes it.
 */
export function mapGroups(
  images: Tensor4D,
  labels: readonly (string | null)[],
  transform: (images: Tensor4D, indices: readonly number[]) => Tensor4D,
): Tensor4D {
  const groups = new Map<string | null, number[]>()
  labels.forEach((label, i) => {
    const group = groups.get(label)
    if (group === undefined) groups.set(label, [i])
    else group.push(i)
  })
  const transformGroup = (label: string | null, indices: readonly number[]) => {
    const group = groups.size === 1 ? clone(images) : gather(images, indexTensor(indices))
    return label === null ? group : transform(group, indices)
  }
  return tidy(() => {
    const parts = Array.from(groups, ([label, indices]) => tidy(() => transformGroup(label, indices)))
    if (parts.length === 1) return parts[0]!
    const place = new Int32Array(labels.length)
    for (const [position, image] of Array.from(groups.values()).flat().entries()) place[image] = position
    return gather(concat(parts), indexTensor(place))
  })
}

function indexTensor(indices: ArrayLike<number>) {
  return tensor1d(Int32Array.from(indices), 'int32')
}
