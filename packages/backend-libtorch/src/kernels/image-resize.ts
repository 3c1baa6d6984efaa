/** Resizing of images by bilinear and nearest-neighbour sampling, and the gradients. */
import type {
  DataType,
  ResizeBilinearAttrs,
  ResizeBilinearGradInputs,
  ResizeBilinearInputs,
  TensorInfo,
} from '@tensorflow/tfjs-core'
import { type AnyKernel, type KernelTable, kernel } from '../kernel.ts'
import { combineTaps, pixelsOf, samplePixels, samplePixelsGradient, type Tap } from './image-sampling.ts'
import { requireIntegers } from './require.ts'
import { truncate } from './truncate.ts'

type Attrs = ResizeBilinearAttrs
/** The source rows for each of `length` output rows, where a step between outputs is `step` source rows. */
type Sampling = (size: number, length: number, step: number, attrs: Attrs) => Tap[]

export const imageResizeKernels: KernelTable = {
  ResizeBilinear: resize(bilinear, () => 'float32'),
  ResizeBilinearGrad: resizeGradient(bilinear),
  ResizeNearestNeighbor: resize(nearest, ({ dtype }) => dtype),
  ResizeNearestNeighborGrad: resizeGradient(nearest),
}

function resize(sampling: Sampling, resultType: (images: TensorInfo) => DataType): AnyKernel {
  return kernel<ResizeBilinearInputs, Attrs>(({ inputs: { images }, attrs, backend, torch }) => {
    const [batch, , , channels] = images.shape as [number, number, number, number]
    requireIntegers('size', attrs.size, 1)
    const size = attrs.size.slice(0, 2)
    const taps = resizeTaps(images.shape, size, attrs, sampling)
    const pixels = samplePixels(torch, pixelsOf(backend, images, batch), taps)
    const shape = [batch, ...size, channels]
    const dtype = resultType(images)
    return backend.output(torch.call('reshape', truncate(torch, pixels, dtype), shape), shape, dtype)
  })
}

function resizeGradient(sampling: Sampling): AnyKernel {
  return kernel<ResizeBilinearGradInputs, Attrs>(({ inputs: { images, dy }, attrs, backend, torch }) => {
    const [batch, height, width, channels] = images.shape as [number, number, number, number]
    const taps = resizeTaps(images.shape, dy.shape.slice(1, 3), attrs, sampling)
    const sources = [batch, height * width, channels] as const
    const pixels = samplePixelsGradient(torch, pixelsOf(backend, dy, batch), taps, sources)
    return backend.output(torch.call('reshape', pixels, images.shape), images.shape, 'float32')
  })
}

function resizeTaps(
  shape: readonly number[],
  size: readonly number[],
  attrs: Attrs,
  sampling: Sampling,
): Tap[] {
  const [rows, columns] = [0, 1].map((axis) => {
    const [input, output] = [shape[axis + 1]!, size[axis]!]
    const cornersMeet = attrs.alignCorners && output > 1
    const step = cornersMeet ? (input - 1) / (output - 1) : input / output
    return sampling(input, output, step, attrs)
  }) as [Tap[], Tap[]]
  return combineTaps(rows, columns, (row, column) => row * shape[2]! + column)
}

function bilinear(size: number, length: number, step: number, { halfPixelCenters }: Attrs): Tap[] {
  const sources = Array.from({ length }, (_, i) => (halfPixelCenters ? step * (i + 0.5) - 0.5 : step * i))
  const low = sources.map((source) => Math.max(0, Math.floor(source)))
  const high = sources.map((source) => Math.max(0, Math.min(size - 1, Math.ceil(source))))
  const fractions = sources.map((source, i) => source - low[i]!)
  return [
    { positions: low, weights: fractions.map((fraction) => 1 - fraction) },
    { positions: high, weights: fractions },
  ]
}

function nearest(
  size: number,
  length: number,
  step: number,
  { alignCorners, halfPixelCenters }: Attrs,
): Tap[] {
  const positions = Array.from({ length }, (_, i) => {
    const source = step * (halfPixelCenters ? i + 0.5 : i)
    return Math.min(size - 1, alignCorners ? Math.round(source) : Math.floor(source))
  })
  return [{ positions, weights: positions.map(() => 1) }]
}
