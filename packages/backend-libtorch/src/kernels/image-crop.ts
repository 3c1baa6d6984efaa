/** Boxes cut out of images and resized. */
import type { CropAndResizeAttrs, CropAndResizeInputs } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'
import { combineTaps, pixelsOf, samplePixels, type Tap } from './image-sampling.ts'
import { pad } from './pad.ts'
import { requireIntegers, requireType } from './require.ts'

/** Row or column of a source outside the image. */
const OUTSIDE = -1

export const imageCropKernels: KernelTable = {
  /** Boxes are normalised [top, left, bottom, right]. */
  CropAndResize: kernel<CropAndResizeInputs, CropAndResizeAttrs>(
    ({ inputs: { image, boxes, boxInd }, attrs, backend, torch }) => {
      const { cropSize, method, extrapolationValue } = attrs
      requireType('float32', boxes)
      requireType('int32', boxInd)
      requireIntegers('cropSize', cropSize, 1)
      const [cropHeight, cropWidth] = cropSize
      const [batch, height, width, channels] = image.shape as [number, number, number, number]
      const corners = backend.readSync(boxes.dataId) as Float32Array
      const images = Array.from(backend.readSync(boxInd.dataId) as Int32Array)
      if (boxes.shape[1] !== 4 || images.length !== boxes.shape[0]) {
        throw new LibtorchError('Each box must have four coordinates and one image index.')
      }
      if (images.some((index) => index < 0 || index >= batch)) {
        throw new LibtorchError(`boxInd must be at least 0 and less than ${batch}, got ${images}.`)
      }
      const background = batch * height * width
      const sampling = method === 'bilinear' ? bilinear : nearest
      const perBox = images.map((index, box) => {
        const [top, left, bottom, right] = corners.subarray(4 * box, 4 * box + 4)
        const rows = sampling(sources(top!, bottom!, height, cropHeight), height)
        const columns = sampling(sources(left!, right!, width, cropWidth), width)
        return combineTaps(rows, columns, (row, column) =>
          row === OUTSIDE || column === OUTSIDE ? background : (index * height + row) * width + column,
        )
      })
      const taps = Array.from({ length: method === 'bilinear' ? 4 : 1 }, (_, tap) => ({
        positions: perBox.flatMap((box) => box[tap]!.positions),
        weights: perBox.flatMap((box) => box[tap]!.weights),
      }))
      const pixels = pad(torch, pixelsOf(backend, image, 1), [0, 0, 0, 1], extrapolationValue)
      const shape = [images.length, cropHeight, cropWidth, channels]
      const crops = torch.call('reshape', samplePixels(torch, pixels, taps), shape)
      return backend.output(crops, shape, 'float32')
    },
  ),
}

/** Where the `length` rows of a crop from `start` to `end` lie among `size` source rows. */
function sources(start: number, end: number, size: number, length: number): number[] {
  if (length === 1) return [0.5 * (start + end) * (size - 1)]
  const step = ((end - start) * (size - 1)) / (length - 1)
  return Array.from({ length }, (_, i) => start * (size - 1) + i * step)
}

function bilinear(sources: readonly number[], size: number): Tap[] {
  const fractions = sources.map((source) => source - Math.floor(source))
  return [
    { positions: inside(sources, size, Math.floor), weights: fractions.map((fraction) => 1 - fraction) },
    { positions: inside(sources, size, Math.ceil), weights: fractions },
  ]
}

function nearest(sources: readonly number[], size: number): Tap[] {
  return [{ positions: inside(sources, size, Math.round), weights: sources.map(() => 1) }]
}

function inside(sources: readonly number[], size: number, round: (x: number) => number): number[] {
  return sources.map((source) => (source < 0 || source > size - 1 ? OUTSIDE : round(source)))
}
