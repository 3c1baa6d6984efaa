/** All kernels of this backend. To add one, add a row to the table of its family. */
import type { KernelTable } from './kernel.ts'
import { batchNormalizationKernels } from './kernels/batch-normalization.ts'
import { batchNormalizationPartKernels } from './kernels/batch-normalization-parts.ts'
import { bfloat16Kernels } from './kernels/bfloat16.ts'
import { binaryKernels } from './kernels/binary.ts'
import { bookkeepingKernels } from './kernels/bookkeeping.ts'
import { byDataType } from './kernels/by-data-type.ts'
import { complexKernels } from './kernels/complex.ts'
import { convolutionKernels } from './kernels/convolution.ts'
import { convolution3DKernels } from './kernels/convolution-3d.ts'
import { creationKernels } from './kernels/creation.ts'
import { depthwiseConvolutionKernels } from './kernels/depthwise-convolution.ts'
import { dilationKernels } from './kernels/dilation.ts'
import { einsumKernels } from './kernels/einsum.ts'
import { imageColorKernels } from './kernels/image-color.ts'
import { imageCropKernels } from './kernels/image-crop.ts'
import { imageResizeKernels } from './kernels/image-resize.ts'
import { imageTransformKernels } from './kernels/image-transform.ts'
import { larsKernels } from './kernels/lars-step.ts'
import { listKernels } from './kernels/lists.ts'
import { localResponseNormalizationKernels } from './kernels/local-response-normalization.ts'
import { matmulKernels } from './kernels/matmul.ts'
import { poolingKernels } from './kernels/pooling.ts'
import { pooling3DKernels } from './kernels/pooling-3d.ts'
import { reductionKernels } from './kernels/reductions.ts'
import { selectionKernels } from './kernels/selection.ts'
import { shapeKernels } from './kernels/shape.ts'
import { softmaxKernels } from './kernels/softmax.ts'
import { spaceBatchKernels } from './kernels/space-batch.ts'
import { unaryKernels } from './kernels/unary.ts'
import { unpackBytesKernels } from './kernels/unpack-bytes.ts'

const torchKernels: KernelTable = {
  ...unaryKernels,
  ...binaryKernels,
  ...reductionKernels,
  ...matmulKernels,
  ...einsumKernels,
  ...complexKernels,
  ...convolutionKernels,
  ...convolution3DKernels,
  ...depthwiseConvolutionKernels,
  ...poolingKernels,
  ...pooling3DKernels,
  ...dilationKernels,
  ...localResponseNormalizationKernels,
  ...batchNormalizationKernels,
  ...batchNormalizationPartKernels,
  ...softmaxKernels,
  ...shapeKernels,
  ...spaceBatchKernels,
  ...imageResizeKernels,
  ...imageColorKernels,
  ...imageCropKernels,
  ...imageTransformKernels,
  ...creationKernels,
  ...selectionKernels,
  ...bfloat16Kernels,
  ...listKernels,
  ...unpackBytesKernels,
}

export const kernelTable: KernelTable = { ...byDataType(torchKernels), ...bookkeepingKernels }

/** Kernels that read numbers back between operations: for the processor, where no queue waits meanwhile. */
export const processorKernels: KernelTable = larsKernels
