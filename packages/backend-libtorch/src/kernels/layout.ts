/**
 * tfjs keeps images as NHWC and filters as HWIO; torch computes with NCHW and OIHW. A permuted view of NHWC memory is what
 * torch calls channels-last, its fastest layout, so nothing is copied on the way in or out.
 */
import { type TensorInfo, util } from '@tensorflow/tfjs-core'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'

/** NHWC → NCHW view. */
export function channelsFirst(torch: Torch, images: Handle): Handle {
  return torch.call('permute', images, [0, 3, 1, 2])
}

/** NCHW → NHWC view. */
export function channelsLast(torch: Torch, images: Handle): Handle {
  return torch.call('permute', images, [0, 2, 3, 1])
}

/** NDHWC → NCDHW view. */
export function channelsFirst3D(torch: Torch, volumes: Handle): Handle {
  return torch.call('permute', volumes, [0, 4, 1, 2, 3])
}

/** NCDHW → NDHWC view. */
export function channelsLast3D(torch: Torch, volumes: Handle): Handle {
  return torch.call('permute', volumes, [0, 2, 3, 4, 1])
}

/** HWIO → OIHW view. */
export function outputChannelsFirst(torch: Torch, filter: Handle): Handle {
  return torch.call('permute', filter, [3, 2, 0, 1])
}

/** OIHW → HWIO view. */
export function outputChannelsLast(torch: Torch, filter: Handle): Handle {
  return torch.call('permute', filter, [2, 3, 1, 0])
}

/**
 * The OIHW view of a filter in channels-last memory. A filter stored otherwise is converted once: the converted memory
 * becomes the tensor's storage, and the optimizer's elementwise operations keep its strides from then on.
 */
export function convolutionFilter(backend: LibtorchBackend, filter: TensorInfo): Handle {
  const { torch } = backend
  const view = outputChannelsFirst(torch, backend.handle(filter))
  const fast = torch.call('contiguous', view, torch.abi.channelsLast)
  backend.relayout(filter, outputChannelsLast(torch, fast))
  return outputChannelsFirst(torch, backend.factor(filter))
}

/**
 * The handles of two tensors of one shape, for an elementwise operation. Where one is row-major and the other permuted, as an
 * optimizer's fresh zeros and a filter's gradient are, the row-major one takes over the other's layout as its storage: mixed
 * layouts are several times slower, and the result would keep the wrong one forever.
 */
export function alignedHandles(backend: LibtorchBackend, a: TensorInfo, b: TensorInfo): [Handle, Handle] {
  const { torch } = backend
  const handles: [Handle, Handle] = [backend.activation(a), backend.activation(b)]
  if (a.shape.length !== 4 || !util.arraysEqual(a.shape, b.shape)) return handles
  const [aIsRowMajor, bIsRowMajor] = handles.map((handle) => torch.isRowMajor(handle))
  if (aIsRowMajor === bIsRowMajor) return handles
  if (aIsRowMajor) return [adoptLayout(backend, a, handles[1]), handles[1]]
  return [handles[0], adoptLayout(backend, b, handles[0])]
}

function adoptLayout(backend: LibtorchBackend, tensor: TensorInfo, model: Handle): Handle {
  const { torch } = backend
  const handle = backend.activation(tensor)
  const copy = torch.call('empty_like', model, torch.dataType(handle), null, null, null, null)
  torch.copy(copy, handle)
  backend.relayout(tensor, copy)
  return copy
}

/** An uninitialised NCHW tensor in channels-last memory, or a row-major NCDHW one, for arguments of which only the shape is read. */
export function shapeOnly(
  torch: Torch,
  shape: readonly number[],
  dataType: number = torch.abi.dataTypes.float32,
): Handle {
  const memoryFormat = shape.length === 4 ? torch.abi.channelsLast : torch.abi.contiguous
  return torch.call('empty.memory_format', shape, dataType, null, torch.device, null, memoryFormat)
}
