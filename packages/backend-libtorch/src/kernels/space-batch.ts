/** Kernels that move blocks between the batch, the channels and space. */
import {
  type BatchToSpaceNDAttrs,
  type BatchToSpaceNDInputs,
  backend_util,
  type DepthToSpaceAttrs,
  type DepthToSpaceInputs,
  type SpaceToBatchNDAttrs,
  type SpaceToBatchNDInputs,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { LibtorchError } from '../libtorch-error.ts'
import { pad, unpad } from './pad.ts'
import { requireIntegers, requirePairs } from './require.ts'

export const spaceBatchKernels: KernelTable = {
  SpaceToBatchND: kernel<SpaceToBatchNDInputs, SpaceToBatchNDAttrs>(
    ({ inputs: { x }, attrs: { blockShape, paddings }, backend, torch }) => {
      requireIntegers('blockShape', blockShape, 1)
      requirePairs('paddings', paddings, blockShape.length)
      const rest = x.shape.slice(1 + blockShape.length)
      const widths = [[0, 0], ...paddings, ...rest.map(() => [0, 0])]
      const padded = x.shape.map((size, axis) => widths[axis]![0]! + size + widths[axis]![1]!)
      const blockSize = util.sizeFromShape(blockShape)
      const split = backend_util.getReshaped(padded, blockShape, blockSize, false)
      const order = backend_util.getPermuted(split.length, blockShape.length, false)
      const shape = backend_util.getReshapedPermuted(padded, blockShape, blockSize, false)
      const space = pad(torch, backend.handle(x), widths.toReversed().flat())
      const blocks = torch.call('permute', torch.call('reshape', space, split), order)
      return backend.output(torch.call('reshape', blocks, shape), shape, x.dtype)
    },
  ),

  BatchToSpaceND: kernel<BatchToSpaceNDInputs, BatchToSpaceNDAttrs>(
    ({ inputs: { x }, attrs: { blockShape, crops }, backend, torch }) => {
      requireIntegers('blockShape', blockShape, 1)
      requirePairs('crops', crops, blockShape.length)
      const blockSize = util.sizeFromShape(blockShape)
      const split = backend_util.getReshaped(x.shape, blockShape, blockSize)
      const order = backend_util.getPermuted(split.length, blockShape.length)
      const uncropped = backend_util.getReshapedPermuted(x.shape, blockShape, blockSize)
      const blocks = torch.call('permute', torch.call('reshape', backend.handle(x), split), order)
      const space = torch.call('reshape', blocks, uncropped)
      const rest = uncropped.slice(1 + blockShape.length)
      const widths = [[0, 0], ...crops, ...rest.map(() => [0, 0])]
      const shape = uncropped.map((size, axis) => size - widths[axis]![0]! - widths[axis]![1]!)
      const cropped = unpad(torch, space, widths.toReversed().flat())
      return backend.output(cropped, shape, x.dtype)
    },
  ),

  DepthToSpace: kernel<DepthToSpaceInputs, DepthToSpaceAttrs>(
    ({ inputs: { x }, attrs: { blockSize, dataFormat }, backend, torch }) => {
      if (dataFormat !== 'NHWC') throw new LibtorchError(`dataFormat must be NHWC, got ${dataFormat}.`)
      const [batch, height, width, depth] = x.shape as [number, number, number, number]
      const channels = depth / blockSize ** 2
      const split = [batch, height, width, blockSize, blockSize, channels]
      const blocks = torch.call('reshape', backend.handle(x), split)
      const shape = [batch, height * blockSize, width * blockSize, channels]
      const space = torch.call('reshape', torch.call('permute', blocks, [0, 1, 3, 2, 4, 5]), shape)
      return backend.output(space, shape, x.dtype)
    },
  ),
}
