/** Kernels that are bookkeeping on indices and strings rather than arithmetic: they run on the host. */
import { bincountConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Bincount'
import { broadcastArgsConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/BroadcastArgs'
import { denseBincountConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/DenseBincount'
import { multinomialConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Multinomial'
import { nonMaxSuppressionV3Config } from '@tensorflow/tfjs-backend-cpu/dist/kernels/NonMaxSuppressionV3'
import { nonMaxSuppressionV4Config } from '@tensorflow/tfjs-backend-cpu/dist/kernels/NonMaxSuppressionV4'
import { nonMaxSuppressionV5Config } from '@tensorflow/tfjs-backend-cpu/dist/kernels/NonMaxSuppressionV5'
import { raggedGatherConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/RaggedGather'
import { raggedRangeConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/RaggedRange'
import { raggedTensorToTensorConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/RaggedTensorToTensor'
import { searchSortedConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/SearchSorted'
import { sparseFillEmptyRowsConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/SparseFillEmptyRows'
import { sparseReshapeConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/SparseReshape'
import { sparseSegmentMeanConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/SparseSegmentMean'
import { sparseSegmentSumConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/SparseSegmentSum'
import { sparseToDenseConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/SparseToDense'
import { staticRegexReplaceConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/StaticRegexReplace'
import { stringNGramsConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/StringNGrams'
import { stringSplitConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/StringSplit'
import { stringToHashBucketFastConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/StringToHashBucketFast'
import { uniqueConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Unique'
import { hostKernels } from '../host-kernel.ts'
import type { KernelTable } from '../kernel.ts'

export const bookkeepingKernels: KernelTable = hostKernels([
  bincountConfig,
  broadcastArgsConfig,
  denseBincountConfig,
  multinomialConfig,
  nonMaxSuppressionV3Config,
  nonMaxSuppressionV4Config,
  nonMaxSuppressionV5Config,
  raggedGatherConfig,
  raggedRangeConfig,
  raggedTensorToTensorConfig,
  searchSortedConfig,
  sparseFillEmptyRowsConfig,
  sparseReshapeConfig,
  sparseSegmentMeanConfig,
  sparseSegmentSumConfig,
  sparseToDenseConfig,
  staticRegexReplaceConfig,
  stringNGramsConfig,
  stringSplitConfig,
  stringToHashBucketFastConfig,
  uniqueConfig,
])
