/**
 * Colour adjustments of planar RGB images [n, 3, h, w], one number per image: kernels beyond tfjs, named after those of
 * TensorFlow. Libraries look them up with `getKernel` and compose tfjs operations where they are missing.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'

interface ImagesInput {
  readonly images: TensorInfo
}

/** Keeps 0 / 0 away; too small to change any other difference of channels. */
const TINY = 1e-30

export const imageColorKernels: KernelTable = {
  /** Scales the distance of each channel from its mean over the image. */
  AdjustContrast: kernel<ImagesInput, { factors: readonly number[] }>(
    ({ inputs: { images }, attrs: { factors }, backend, torch }) => {
      const x = planes(backend, torch, images)
      const middle = torch.call('mean.dim', x, [2, 3], true, null)
      const adjusted = torch.call('lerp.Tensor', middle, x, perImage(torch, images, factors))
      return backend.output(adjusted, images.shape, 'float32')
    },
  ),

  /** Scales the saturation S of HSV to min(S · factor, 1). */
  AdjustSaturation: kernel<ImagesInput, { factors: readonly number[] }>(
    ({ inputs: { images }, attrs: { factors }, backend, torch }) => {
      const x = planes(backend, torch, images)
      const { high, low, chroma } = extremes(torch, x)
      torch.release(low)
      const divisor = using(torch, [chroma], torch.add(chroma, torch.constant(TINY)))
      const largestFactor = using(torch, [divisor], torch.call('div.Tensor', high, divisor))
      torch.call('relu_', largestFactor)
      torch.call('clamp_max_.Tensor', largestFactor, perImage(torch, images, factors))
      return backend.output(torch.call('lerp.Tensor', high, x, largestFactor), images.shape, 'float32')
    },
  ),

  /**
   * Turns the hue by so many full turns. With θ the hue in sixths of a turn from red, in [-3, 3), a channel whose own hue is
   * θ_k lies at low + clip(||θ + 6 · turn - θ_k| - 3| - 1, 0, 1) · chroma; all of it is computed times chroma.
   */
  AdjustHue: kernel<ImagesInput, { turns: readonly number[] }>(
    ({ inputs: { images }, attrs: { turns }, backend, torch }) => {
      const x = planes(backend, torch, images)
      const [red, green, blue] = [0, 1, 2].map((c) => torch.call('slice.Tensor', x, 1, c, c + 1, 1)) as [
        Handle,
        Handle,
        Handle,
      ]
      const { high, low, chroma } = extremes(torch, x)
      const minus = (a: Handle, b: Handle): Handle => torch.add(a, b, -1)
      const sum = (a: Handle, b: Handle): Handle => using(torch, [a, b], torch.add(a, b))
      const hueSize = sum(sum(minus(green, low), minus(blue, low)), minus(high, red))
      const side = minus(green, blue)
      const signedChroma = using(torch, [side], torch.call('copysign.Tensor', chroma, side))
      const offsets = perImage(torch, images, turns.flatMap(channelOffsets), 3)
      const moved = using(torch, [signedChroma], torch.call('mul.Tensor', signedChroma, offsets))
      const absolute = (a: Handle): Handle => using(torch, [a], torch.call('abs_', a))
      const distance = absolute(sum(moved, hueSize))
      const threeChroma = torch.call('mul.Tensor', chroma, torch.constant(3))
      const centred = absolute(using(torch, [distance, threeChroma], minus(distance, threeChroma)))
      const level = using(torch, [chroma], minus(chroma, low))
      const height = using(torch, [centred, level], minus(centred, level))
      torch.call('clamp_max_.Tensor', torch.call('clamp_min_.Tensor', height, low), high)
      return backend.output(height, images.shape, 'float32')
    },
  ),
}

/** Frees what went into `result`, so that the next operation computes in memory that still lies in the cache. */
function using(torch: Torch, inputs: readonly Handle[], result: Handle): Handle {
  for (const input of inputs) torch.release(input)
  return result
}

/** 6 · turn - θ_k in [-3, 3) for red, green and blue. */
function channelOffsets(turn: number): number[] {
  return [0, 2, 4].map((own) => {
    const sixths = 6 * turn - own
    return sixths - 6 * Math.floor((sixths + 3) / 6)
  })
}

/** Row-major planes: reductions over channels are several times slower on other layouts. */
function planes(backend: LibtorchBackend, torch: Torch, images: TensorInfo): Handle {
  if (images.shape.length !== 4 || images.shape[1] !== 3 || images.dtype !== 'float32') {
    throw new LibtorchError(
      `Images must be float32 of shape [n, 3, h, w], got ${images.dtype} [${images.shape}].`,
    )
  }
  return torch.call('contiguous', backend.handle(images), torch.abi.contiguous)
}

function extremes(torch: Torch, x: Handle): { high: Handle; low: Handle; chroma: Handle } {
  const high = torch.call('amax', x, [1], true)
  const low = torch.call('amin', x, [1], true)
  return { high, low, chroma: torch.add(high, low, -1) }
}

/** `[n, count, 1, 1]` */
function perImage(torch: Torch, { shape }: TensorInfo, values: readonly number[], count = 1): Handle {
  if (values.length !== shape[0]! * count) {
    throw new LibtorchError(
      `${shape[0]! * count} numbers are needed for ${shape[0]} images, got ${values.length}.`,
    )
  }
  return torch.tensor(Float32Array.from(values), [shape[0]!, count, 1, 1], { source: 'float32' })
}
