/** Applies a linear map of the rows and one of the columns to every image: crops, flips, resizing and blur. */
import { matMul, reshape, type Tensor3D, type Tensor4D, tidy, tile } from '@tensorflow/tfjs-core'

/**
 * Computes `vertical · plane · horizontal` for every plane of every image.
 *
 * @param images Planar images `[n, 3, h, w]`.
 * @param vertical Weights `[n, h', h]`, or `[1, h', h]` for all images.
 * @param horizontal Weights `[n, w, w']`, or `[1, w, w']` for all images.
 * @returns `[n, 3, h', w']`. The caller disposes it.
 */
export function separableMap(images: Tensor4D, vertical: Tensor3D, horizontal: Tensor3D): Tensor4D {
  const [count, channels, height, width] = images.shape
  const [maps, newHeight] = vertical.shape
  const newWidth = horizontal.shape[2]
  return tidy(() => {
    const rows = matMul(reshape(images, [count, channels * height, width]), horizontal)
    const planes = reshape(rows, [count * channels, height, newWidth])
    const perPlane = maps === 1 ? vertical : repeat(vertical, channels)
    return reshape(matMul(perPlane, planes), [count, channels, newHeight, newWidth])
  })
}

/** `[n, …]` to `[n·times, …]`, each map `times` in a row. */
function repeat(maps: Tensor3D, times: number): Tensor3D {
  const [count, rows, columns] = maps.shape
  const tiled = tile(reshape(maps, [count, 1, rows, columns]), [1, times, 1, 1])
  return reshape(tiled, [count * times, rows, columns])
}
