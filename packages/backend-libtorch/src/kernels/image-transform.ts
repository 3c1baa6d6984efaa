/** Projective transformations, rotation and mirroring of images. */
import {
  backend_util,
  type FlipLeftRightInputs,
  type RotateWithOffsetAttrs,
  type RotateWithOffsetInputs,
  type TransformAttrs,
  type TransformInputs,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'
import { hostTensor, pixelsOf, samplePixels, type Tap } from './image-sampling.ts'
import { pad } from './pad.ts'
import { requireRank, requireType } from './require.ts'

/** Row and column of a point of an image, between pixels too. */
type Point = readonly [y: number, x: number]

export const imageTransformKernels: KernelTable = {
  Transform: kernel<TransformInputs, TransformAttrs>(
    ({ inputs: { image, transforms }, attrs, backend, torch }) => {
      const { interpolation, fillMode, fillValue, outputShape } = attrs
      requireType('float32', image, transforms)
      const [batch, height, width, channels] = image.shape as [number, number, number, number]
      const [count, coefficients] = transforms.shape
      if (coefficients !== 8 || (count !== 1 && count !== batch)) {
        throw new LibtorchError(
          `transforms must have the shape [1 or ${batch}, 8], got [${transforms.shape}].`,
        )
      }
      const [outHeight, outWidth] = outputShape ?? [height, width]
      const values = backend.readSync(transforms.dataId) as Float32Array
      const points = indices(batch).flatMap((index) => {
        const first = count === 1 ? 0 : 8 * index
        const matrix = Array.from(values.subarray(first, first + 8))
        return indices(outHeight).flatMap((row) =>
          indices(outWidth).map((column) => {
            const point = project(matrix, row, column)
            return point && ([fold(point[0], height, fillMode), fold(point[1], width, fillMode)] as const)
          }),
        )
      })
      const taps =
        interpolation === 'bilinear' ? bilinear(points, image.shape) : [nearest(points, image.shape)]
      const pixels = pad(torch, pixelsOf(backend, image, 1), [0, 0, 0, 1], fillValue)
      const shape = [batch, outHeight, outWidth, channels]
      const result = torch.call('reshape', samplePixels(torch, pixels, taps), shape)
      return backend.output(result, shape, 'float32')
    },
  ),

  RotateWithOffset: kernel<RotateWithOffsetInputs, RotateWithOffsetAttrs>(
    ({ inputs: { image }, attrs: { radians, fillValue, center }, backend, torch }) => {
      requireType('float32', image)
      const [batch, height, width, channels] = image.shape as [number, number, number, number]
      const [centerX, centerY] = backend_util.getImageCenter(center, height, width)
      const [sin, cos] = [Math.sin(radians), Math.cos(radians)]
      const points = indices(batch * height).flatMap((row) =>
        indices(width).map((column): Point => {
          const [y, x] = [(row % height) - centerY, column - centerX]
          return [x * sin + y * cos + centerY, x * cos - y * sin + centerX]
        }),
      )
      const fill = indices(channels).map((channel) => {
        if (typeof fillValue === 'number') return fillValue
        return channel === 3 ? 255 : fillValue[channel]!
      })
      const background = hostTensor(torch, Float32Array.from(fill), [1, 1, channels], 'float32')
      const pixels = torch.call('cat', [pixelsOf(backend, image, 1), background], 1)
      const result = torch.call(
        'reshape',
        samplePixels(torch, pixels, [nearest(points, image.shape)]),
        image.shape,
      )
      return backend.output(result, image.shape, 'float32')
    },
  ),

  FlipLeftRight: kernel<FlipLeftRightInputs>(({ inputs: { image }, backend, torch }) => {
    requireRank(4, image.shape)
    return backend.output(torch.call('flip', backend.handle(image), [2]), image.shape, image.dtype)
  }),
}

function indices(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}

/** Where an output pixel comes from; undefined at infinity. */
function project(matrix: readonly number[], row: number, column: number): Point | undefined {
  const [a0, a1, a2, b0, b1, b2, c0, c1] = matrix as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const projection = c0 * column + c1 * row + 1
  if (projection === 0) return undefined
  return [(b0 * column + b1 * row + b2) / projection, (a0 * column + a1 * row + a2) / projection]
}

/** Brings a coordinate outside `size` pixels back inside, as the fill mode says; `constant` leaves it outside. */
function fold(coordinate: number, size: number, mode: TransformAttrs['fillMode']): number {
  if (mode === 'constant') return coordinate
  const isOutside = coordinate < 0 || coordinate > size - 1
  if (!isOutside || mode === 'nearest') return util.clamp(0, coordinate, size - 1)
  if (size <= 1) return 0
  return util.clamp(0, mode === 'reflect' ? reflect(coordinate, size) : wrap(coordinate, size), size - 1)
}

/** [abcd] continues as [dcba|abcd|dcba]. */
function reflect(coordinate: number, size: number): number {
  const period = 2 * size
  if (coordinate < 0) {
    const near = coordinate + period * Math.trunc(-coordinate / period)
    return near < -size ? near + period : -near - 1
  }
  const near = coordinate - period * Math.trunc(coordinate / period)
  return near >= size ? period - near - 1 : near
}

/** [abcd] continues as [abcd|abcd|abcd]. */
function wrap(coordinate: number, size: number): number {
  if (coordinate < 0) return coordinate + size * (Math.trunc(-coordinate / (size - 1)) + 1)
  return coordinate - size * Math.trunc(coordinate / (size - 1))
}

function nearest(points: readonly (Point | undefined)[], shape: readonly number[]): Tap {
  const rounded = points.map((point) => point && ([Math.round(point[0]), Math.round(point[1])] as const))
  return { positions: pixelPositions(rounded, shape), weights: points.map(() => 1) }
}

/** The four pixels around each point. */
function bilinear(points: readonly (Point | undefined)[], shape: readonly number[]): Tap[] {
  return [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ].map(([down, right]) => {
    const corners = points.map(
      (point) => point && ([Math.floor(point[0]) + down!, Math.floor(point[1]) + right!] as const),
    )
    const weights = points.map((point, i) => {
      if (point === undefined) return down || right ? 0 : 1
      const [y, x] = corners[i]!
      return (1 - Math.abs(point[0] - y)) * (1 - Math.abs(point[1] - x))
    })
    return { positions: pixelPositions(corners, shape), weights }
  })
}

/** Indices of pixels given for all images in turn; what lies outside gets the index after the last pixel. */
function pixelPositions(points: readonly (Point | undefined)[], shape: readonly number[]): number[] {
  const [batch, height, width] = shape as [number, number, number]
  const perImage = points.length / batch
  return points.map((point, i) => {
    const [y, x] = point ?? [-1, -1]
    const isInside = y >= 0 && y < height && x >= 0 && x < width
    return isInside ? (Math.floor(i / perImage) * height + y) * width + x : batch * height * width
  })
}
