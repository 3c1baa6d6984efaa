/** The kernels to which TensorFlow.js hands strings. torch cannot hold them: they run on the host. */
import { concatConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Concat'
import { equalConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Equal'
import { expandDimsConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/ExpandDims'
import { gatherNdConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/GatherNd'
import { greaterConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Greater'
import { greaterEqualConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/GreaterEqual'
import { lessConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Less'
import { lessEqualConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/LessEqual'
import { notEqualConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/NotEqual'
import { packConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Pack'
import { reshapeConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape'
import { sliceConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Slice'
import { stridedSliceConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/StridedSlice'
import { tileConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Tile'
import { unpackConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Unpack'
import { hostKernels } from '../host-kernel.ts'
import type { KernelTable } from '../kernel.ts'

export const stringKernels: KernelTable = hostKernels([
  concatConfig,
  equalConfig,
  expandDimsConfig,
  gatherNdConfig,
  greaterConfig,
  greaterEqualConfig,
  lessConfig,
  lessEqualConfig,
  notEqualConfig,
  packConfig,
  reshapeConfig,
  sliceConfig,
  stridedSliceConfig,
  tileConfig,
  unpackConfig,
])
