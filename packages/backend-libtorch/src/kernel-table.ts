/** All kernels of this backend. To add one, add a row to the table of its family. */
import type { KernelTable } from './kernel.ts'
import { batchNormalizationKernels } from './kernels/batch-normalization.ts'
import { binaryKernels } from './kernels/binary.ts'
import { convolutionKernels } from './kernels/convolution.ts'
import { creationKernels } from './kernels/creation.ts'
import { depthwiseConvolutionKernels } from './kernels/depthwise-convolution.ts'
import { listKernels } from './kernels/lists.ts'
import { matmulKernels } from './kernels/matmul.ts'
import { poolingKernels } from './kernels/pooling.ts'
import { reductionKernels } from './kernels/reductions.ts'
import { selectionKernels } from './kernels/selection.ts'
import { shapeKernels } from './kernels/shape.ts'
import { softmaxKernels } from './kernels/softmax.ts'
import { unaryKernels } from './kernels/unary.ts'

export const kernelTable: KernelTable = {
  ...unaryKernels,
  ...binaryKernels,
  ...reductionKernels,
  ...matmulKernels,
  ...convolutionKernels,
  ...depthwiseConvolutionKernels,
  ...poolingKernels,
  ...batchNormalizationKernels,
  ...softmaxKernels,
  ...shapeKernels,
  ...creationKernels,
  ...selectionKernels,
  ...listKernels,
}
