/** Sums of rows by segment: the gradient of gather. */
import {
  cast,
  equal,
  expandDims,
  type KernelConfig,
  matMul,
  range,
  reshape,
  type Tensor,
  type Tensor1D,
  tidy,
  type UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core'

/**
 * The TensorFlow.js kernel `UnsortedSegmentSum`, composed as one matrix product: a matrix of zeros and ones,
 * `[numSegments, rows]`, that says which row belongs to which segment, times the rows.
 */
export const unsortedSegmentSum: Omit<KernelConfig, 'backendName'> = {
  kernelName: 'UnsortedSegmentSum',
  kernelFunc: ({ inputs, attrs }) => {
    const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs
    return segmentSum(inputs.x as Tensor, inputs.segmentIds as Tensor1D, numSegments)
  },
}

function segmentSum(x: Tensor, segmentIds: Tensor1D, numSegments: number): Tensor {
  const [rows = 0, ...rest] = x.shape
  return tidy(() => {
    const segments = expandDims(range(0, numSegments, 1, 'int32'), 1)
    const belongs = cast(equal(segments, expandDims(segmentIds, 0)), 'float32') // [numSegments, rows]
    const columns = rest.reduce((product, size) => product * size, 1)
    const sums = matMul(belongs, reshape(cast(x, 'float32'), [rows, columns]))
    return cast(reshape(sums, [numSegments, ...rest]), x.dtype)
  })
}
