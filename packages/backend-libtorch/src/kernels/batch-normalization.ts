/**
 * Batch normalisation: tfjs's kernel with given statistics, and three kernels beyond tfjs that train in one pass.
 *
 * `BatchNormTraining` and `BatchNormTrainingGrad` take [N, H, W, C] or [N, C]; libraries look them up with `getKernel`
 * and compose tfjs operations where they are missing.
 */
import type { FusedBatchNormAttrs, FusedBatchNormInputs, TensorInfo } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { channelsFirst, channelsLast } from './layout.ts'

export interface BatchNormTrainingInputs {
  readonly x: TensorInfo
  readonly scale?: TensorInfo
  readonly offset?: TensorInfo
  /** Added before the ReLU; shaped like `x`. */
  readonly residual?: TensorInfo
}

export interface BatchNormTrainingAttrs {
  readonly epsilon: number
  readonly relu: boolean
}

export interface BatchNormTrainingGradInputs {
  readonly dy: TensorInfo
  /** The output of the forward kernel; needed with `relu`. */
  readonly y?: TensorInfo
  readonly x: TensorInfo
  readonly scale?: TensorInfo
  readonly mean: TensorInfo
  readonly inverseDeviation: TensorInfo
}

export interface BatchNormTrainingGradAttrs extends BatchNormTrainingAttrs {
  readonly hasResidual: boolean
  /** Whether the caller does not read `y` afterwards; the kernel may then compute in its memory. Default false. */
  readonly discardsY?: boolean
}

/** Only the running statistics, which are not kept here, would use it. */
const UNUSED_MOMENTUM = 0

export const batchNormalizationKernels: KernelTable = {
  BatchNormTraining: kernel<BatchNormTrainingInputs, BatchNormTrainingAttrs, 'scale' | 'offset' | 'residual'>(
    ({ inputs: { x, scale, offset, residual }, attrs: { epsilon, relu }, backend, torch }) => {
      const channels = channelCount(x, { scale, offset })
      const [y, mean, inverseDeviation] = torch.callMany(
        'native_batch_norm',
        3,
        ...([toTorch(backend, x), handleOf(backend, scale), handleOf(backend, offset)] as const),
        ...([null, null, true, UNUSED_MOMENTUM, epsilon] as const),
      ) as [Handle, Handle, Handle]
      return [
        finishedOutput(backend, y, { x, residual, relu }),
        backend.output(mean, [channels], 'float32'),
        backend.output(inverseDeviation, [channels], 'float32'),
      ]
    },
  ),

  BatchNormTrainingGrad: kernel<BatchNormTrainingGradInputs, BatchNormTrainingGradAttrs, 'y' | 'scale'>(
    ({ inputs: { dy, y, x, scale, mean, inverseDeviation }, attrs, backend, torch }) => {
      const channels = channelCount(x, { scale, mean, inverseDeviation })
      if (attrs.relu && y === undefined) throw new LibtorchError('The gradient through a ReLU needs y.')
      const gradient = outputGradient(backend, { dy, y: attrs.relu ? y : undefined, x }, attrs.discardsY)
      const [dx, dscale, doffset] = torch.callMany(
        'native_batch_norm_backward',
        3,
        ...([permuted(torch, gradient, x), toTorch(backend, x), handleOf(backend, scale)] as const),
        ...([null, null, backend.handle(mean), backend.handle(inverseDeviation)] as const),
        ...([true, attrs.epsilon, [true, true, true]] as const),
      ) as [Handle, Handle, Handle]
      const results = [
        backend.output(fromTorch(torch, dx, x), x.shape, 'float32'),
        backend.output(dscale, [channels], 'float32'),
        backend.output(doffset, [channels], 'float32'),
      ]
      if (!attrs.hasResidual) return results
      return [...results, attrs.relu ? backend.output(gradient, x.shape, 'float32') : backend.share(dy)]
    },
  ),

  ReluGrad: kernel<{ dy: TensorInfo; y: TensorInfo }>(({ inputs: { dy, y }, backend, torch }) =>
    backend.output(maskedGradient(torch, backend.activation(dy), backend.activation(y)), y.shape, 'float32'),
  ),

  FusedBatchNorm: kernel<FusedBatchNormInputs, FusedBatchNormAttrs, 'scale' | 'offset'>(
    ({ inputs: { x, scale, offset, mean, variance }, attrs, backend, torch }) => {
      const epsilon = attrs.varianceEpsilon ?? 0.001
      if (x.shape.length === 4 && mean.shape.length === 1) {
        const [y] = torch.callMany(
          'native_batch_norm',
          3,
          ...([toTorch(backend, x), handleOf(backend, scale), handleOf(backend, offset)] as const),
          ...([backend.handle(mean), backend.handle(variance), false, UNUSED_MOMENTUM, epsilon] as const),
        )
        return backend.output(channelsLast(torch, y!), x.shape, x.dtype)
      }
      const inverse = torch.call('rsqrt', torch.add(backend.handle(variance), torch.constant(epsilon)))
      const factor = scale === undefined ? inverse : torch.call('mul.Tensor', inverse, backend.handle(scale))
      const centred = torch.add(backend.handle(x), backend.handle(mean), -1)
      const scaled = torch.call('mul_.Tensor', centred, factor)
      const shifted = offset === undefined ? scaled : torch.add(scaled, backend.handle(offset))
      return backend.output(shifted, x.shape, x.dtype)
    },
  ),
}

/** `normalized`, which may be changed, with what else makes an output of the shape of `x`. */
export function finishedOutput(
  backend: LibtorchBackend,
  normalized: Handle,
  { x, residual, relu }: { x: TensorInfo; residual: TensorInfo | undefined; relu: boolean },
): TensorInfo {
  const { torch } = backend
  const sum =
    residual === undefined
      ? normalized
      : torch.add(normalized, torch.to(toTorch(backend, residual), torch.dataType(normalized)))
  if (relu) torch.call('relu_', sum)
  const output = backend.output(fromTorch(torch, sum, x), x.shape, 'float32')
  backend.claim(output)
  return output
}

/** `dy` in the type of `x`, where there is `y` only where that is positive; in the memory of `y` if that may be. */
export function outputGradient(
  backend: LibtorchBackend,
  { dy, y, x }: { dy: TensorInfo; y: TensorInfo | undefined; x: TensorInfo },
  discardsY = false,
): Handle {
  const { torch } = backend
  const outer = torch.to(backend.activation(dy), torch.dataType(backend.activation(x)))
  if (y === undefined) return outer
  return maskedGradient(torch, outer, backend.activation(y), discardsY && backend.isExclusive(y))
}

/**
 * `dy` where `y > 0`, else 0, for a `y` that left a ReLU: its sign is 0 or 1.
 *
 * @param inPlace whether the result takes the place of `y`
 */
function maskedGradient(torch: Torch, dy: Handle, y: Handle, inPlace = false): Handle {
  return torch.call('mul_.Tensor', torch.call(inPlace ? 'sign_' : 'sign', y), dy)
}

export function channelCount(x: TensorInfo, perChannel: Record<string, TensorInfo | undefined>): number {
  if (x.shape.length !== 2 && x.shape.length !== 4) {
    throw new LibtorchError(`x must have shape [N, H, W, C] or [N, C], got [${x.shape}].`)
  }
  const channels = x.shape.at(-1)!
  for (const [name, tensor] of Object.entries(perChannel)) {
    if (tensor !== undefined && (tensor.shape.length !== 1 || tensor.shape[0] !== channels)) {
      throw new LibtorchError(`${name} must have shape [${channels}], got [${tensor.shape}].`)
    }
  }
  return channels
}

export function handleOf(backend: LibtorchBackend, tensor: TensorInfo | undefined): Handle | null {
  return tensor === undefined ? null : backend.handle(tensor)
}

export function toTorch(backend: LibtorchBackend, tensor: TensorInfo): Handle {
  return permuted(backend.torch, backend.activation(tensor), tensor)
}

export function permuted(torch: Torch, handle: Handle, { shape }: TensorInfo): Handle {
  return shape.length === 4 ? channelsFirst(torch, handle) : handle
}

export function fromTorch(torch: Torch, handle: Handle, { shape }: TensorInfo): Handle {
  return shape.length === 4 ? channelsLast(torch, handle) : handle
}
