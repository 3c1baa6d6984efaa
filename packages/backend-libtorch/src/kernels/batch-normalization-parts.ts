/**
 * Kernels beyond tfjs: the parts of batch normalisation in training, between which several processes exchange sums.
 *
 * All take [N, H, W, C] or [N, C]; libraries look them up with `getKernel` and compose tfjs operations where they are missing.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import {
  type BatchNormTrainingGradInputs,
  type BatchNormTrainingInputs,
  channelCount,
  finishedOutput,
  fromTorch,
  handleOf,
  outputGradient,
  permuted,
  toTorch,
} from './batch-normalization.ts'

/** Mean and 1 / sqrt(variance + epsilon), which need not be those of `x`. */
interface Statistics {
  readonly mean: TensorInfo
  readonly inverseDeviation: TensorInfo
}

export type BatchNormNormalizeInputs = BatchNormTrainingInputs & Statistics

export interface BatchNormNormalizeAttrs {
  readonly relu: boolean
}

/** `y`, the output of the forward pass, is there exactly if a ReLU ended it. */
export type BatchNormGradSumsInputs = Omit<BatchNormTrainingGradInputs, 'scale'>

export interface BatchNormGradSumsAttrs {
  /** Whether the caller does not read `y` afterwards; the kernel may then compute in its memory. Default false. */
  readonly discardsY?: boolean
}

export interface BatchNormInputGradInputs extends Statistics {
  readonly dOutput: TensorInfo
  readonly x: TensorInfo
  readonly scale?: TensorInfo
  /** The mean over all rows of dOutput · (x − mean) · inverseDeviation. */
  readonly meanScale: TensorInfo
  /** The mean over all rows of dOutput. */
  readonly meanOffset: TensorInfo
}

export interface BatchNormInputGradAttrs {
  /** Whether the caller does not read `dOutput` afterwards; the kernel may then compute in its memory. Default false. */
  readonly discardsOutputGradient?: boolean
}

const NO_MOMENTUM = 0
const NO_EPSILON = 0

export const batchNormalizationPartKernels: KernelTable = {
  /** @returns mean and biased variance */
  BatchNormMoments: kernel<{ x: TensorInfo }>(({ inputs: { x }, backend, torch }) => {
    const channels = channelCount(x, {})
    // Running statistics in float32, which nobody reads, make torch return float32 for bfloat16 too.
    const unread = torch.empty([channels], torch.abi.dataTypes.float32)
    const moments = torch.callMany(
      'batch_norm_update_stats',
      2,
      ...([toTorch(backend, x), unread, unread, NO_MOMENTUM] as const),
    )
    return moments.map((moment) => backend.output(moment, [channels], 'float32'))
  }),

  BatchNormNormalize: kernel<
    BatchNormNormalizeInputs,
    BatchNormNormalizeAttrs,
    'scale' | 'offset' | 'residual'
  >(({ inputs: { x, scale, offset, residual, mean, inverseDeviation }, attrs: { relu }, backend, torch }) => {
    channelCount(x, { scale, offset, mean, inverseDeviation })
    const factor = slope(backend, inverseDeviation, scale)
    const [y] = torch.callMany(
      'native_batch_norm',
      3,
      ...([toTorch(backend, x), factor, handleOf(backend, offset)] as const),
      ...([backend.handle(mean), onesLike(torch, factor), false, NO_MOMENTUM, NO_EPSILON] as const),
    )
    return finishedOutput(backend, y!, { x, residual, relu })
  }),

  /** @returns dOutput (dy, where there is `y` only where that is positive), and the sums dScale and dOffset over the rows */
  BatchNormGradSums: kernel<BatchNormGradSumsInputs, BatchNormGradSumsAttrs, 'y'>(
    ({ inputs: { dy, y, x, mean, inverseDeviation }, attrs: { discardsY }, backend, torch }) => {
      const channels = channelCount(x, { mean, inverseDeviation })
      const gradient = outputGradient(backend, { dy, y, x }, discardsY)
      const [, dScale, dOffset] = torch.callMany(
        'native_batch_norm_backward',
        3,
        ...([permuted(torch, gradient, x), toTorch(backend, x), null] as const),
        ...([null, null, backend.handle(mean), backend.handle(inverseDeviation)] as const),
        ...([true, NO_EPSILON, [false, true, true]] as const),
      ) as [Handle, Handle, Handle]
      const dOutput = y === undefined ? backend.share(dy) : backend.output(gradient, x.shape, 'float32')
      if (y !== undefined) backend.claim(dOutput)
      return [
        dOutput,
        backend.output(dScale, [channels], 'float32'),
        backend.output(dOffset, [channels], 'float32'),
      ]
    },
  ),

  /**
   * (dOutput − meanOffset − normalized · meanScale) · scale · inverseDeviation, in two passes over the memory:
   * dOutput · slope + shift, then + x · tilt.
   */
  BatchNormInputGrad: kernel<BatchNormInputGradInputs, BatchNormInputGradAttrs, 'scale'>(
    ({ inputs, attrs: { discardsOutputGradient }, backend, torch }) => {
      const { dOutput, x, scale, mean, inverseDeviation, meanScale, meanOffset } = inputs
      channelCount(x, { scale, mean, inverseDeviation, meanScale, meanOffset })
      const input = backend.activation(x)
      const dataType = torch.dataType(input)
      const product = (a: Handle, b: Handle): Handle => torch.call('mul.Tensor', a, b)

      const factor = slope(backend, inverseDeviation, scale)
      const perDeviation = product(backend.handle(inverseDeviation), backend.handle(meanScale))
      const tilt = torch.to(torch.call('neg', product(factor, perDeviation)), dataType)
      const offset = product(factor, backend.handle(meanOffset))
      // The mean meets the tilt as it is after rounding to bfloat16.
      const shift = torch.call('neg', torch.add(offset, product(backend.handle(mean), tilt)))

      const own = discardsOutputGradient === true && backend.isExclusive(dOutput)
      const gradient = permuted(torch, torch.to(backend.activation(dOutput), dataType), x)
      const dx = fromTorch(torch, affine(torch, gradient, { factor, shift, inPlace: own }), x)
      const one = torch.wrap(Float32Array.of(1), [1], torch.abi.dataTypes.float32)
      torch.callMany('_foreach_addcmul_.Tensor', 0, [dx], [input], [tilt], one)
      return backend.output(dx, x.shape, 'float32')
    },
  ),
}

/** x · factor + shift for each channel of an [N, C, …] tensor; bfloat16 is rounded once, at the end. */
function affine(
  torch: Torch,
  x: Handle,
  { factor, shift, inPlace }: { factor: Handle; shift: Handle; inPlace: boolean },
): Handle {
  const zeros = torch.call('zeros_like', factor, null, null, null, null, null)
  const map = [factor, shift, zeros, onesLike(torch, factor), false, NO_MOMENTUM, NO_EPSILON] as const
  if (!inPlace) return torch.callMany('native_batch_norm', 3, x, ...map)[0]!
  const unread = torch.empty([0], torch.abi.dataTypes.float32)
  return torch.callMany('native_batch_norm.out', 3, x, ...map, x, unread, unread)[0]!
}

function slope(
  backend: LibtorchBackend,
  inverseDeviation: TensorInfo,
  scale: TensorInfo | undefined,
): Handle {
  const inverse = backend.handle(inverseDeviation)
  return scale === undefined ? inverse : backend.torch.call('mul.Tensor', inverse, backend.handle(scale))
}

function onesLike(torch: Torch, tensor: Handle): Handle {
  return torch.call('ones_like', tensor, null, null, null, null, null)
}
