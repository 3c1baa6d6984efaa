/** Slices of a tensor in another order. */
import {
  backend_util,
  type GatherV2Attrs,
  type KernelConfig,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import { memoryOf } from './memory.ts'
import { wasmKernel } from './wasm-kernel.ts'

/** The TensorFlow.js kernel `GatherV2`, which copies whole slices where the original works out every element's place. */
export const gather: KernelConfig = wasmKernel<{ x: TensorInfo; indices: TensorInfo }, GatherV2Attrs>(
  'GatherV2',
  (backend, { x, indices }, { axis, batchDims }) => {
    const [parsedAxis] = util.parseAxisParam(axis, x.shape) as [number]
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, parsedAxis, batchDims)
    const chosen = backend.readSync(indices.dataId) as Int32Array
    for (const index of chosen) {
      const isInside = index >= 0 && index < dimSize
      util.assert(isInside, () => `GatherV2: the index value ${index} is not in [0, ${dimSize - 1}]`)
    }
    const output = backend.makeOutput(outputShape, x.dtype)
    const { HEAPU8: heap } = memoryOf(backend)
    const sliceBytes = sliceSize * util.bytesPerElement(x.dtype)
    const chosenPerBatch = chosen.length / batchSize
    const from = backend.getMemoryOffset(x.dataId)
    let to = backend.getMemoryOffset(output.dataId)
    for (let batch = 0; batch < batchSize; batch++) {
      for (let outer = 0; outer < outerSize; outer++) {
        const start = (batch * outerSize + outer) * dimSize
        for (let i = 0; i < chosenPerBatch; i++, to += sliceBytes) {
          const slice = from + (start + chosen[batch * chosenPerBatch + i]!) * sliceBytes
          heap.copyWithin(to, slice, slice + sliceBytes)
        }
      }
    }
    return output
  },
)
