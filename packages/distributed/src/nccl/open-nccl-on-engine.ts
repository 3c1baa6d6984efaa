/** NCCL in the memory and stream of the current engine. */
import { nativeMemory, SimclrError } from '@simclr/core'
import { engine, getBackend, keep } from '@tensorflow/tfjs-core'
import type { Exchange } from '../exchange-texts.ts'
import { loadCudaRuntime } from './cuda-runtime.ts'
import { findCudaRuntime, findNccl } from './find-nccl.ts'
import { loadNccl } from './nccl-library.ts'
import { type NcclTransport, openNcclTransport } from './nccl-transport.ts'

export interface NcclOptions {
  /** NCCL's shared library; default: that of `libraryFolder`, or the system's. */
  readonly ncclLibrary?: string | undefined
  /** The folder that holds `torch/` and `nvidia/`, where pip installs NCCL. */
  readonly libraryFolder?: string | undefined
}

/** The processes that join. */
interface Members {
  readonly rank: number
  readonly size: number
  readonly exchange: Exchange
  readonly abort: (code: number) => never
}

/** @throws SimclrError unless the current backend works on CUDA and NCCL is installed. */
export async function openNcclOnEngine({
  ncclLibrary,
  libraryFolder,
  rank,
  size,
  exchange,
  abort,
}: NcclOptions & Members): Promise<NcclTransport> {
  const memory = nativeMemory()
  if (memory?.device !== 'cuda') {
    throw new SimclrError({
      parameter: '--distributed nccl: engine',
      expected: 'libtorch on cuda',
      received: memory === undefined ? getBackend() : `${getBackend()} on ${memory.device}`,
      remedy: 'Use --device cuda, or --distributed mpi.',
    })
  }
  const runtime = findCudaRuntime(libraryFolder)
  const scratch = keep(engine().makeTensorFromTensorInfo(memory.empty([2], 'int32')))
  return openNcclTransport({
    rank,
    size,
    abort,
    library: loadNccl(findNccl({ path: ncclLibrary, libraryFolder })),
    shareId: async (id) => {
      const [first = ''] = await exchange(id === undefined ? '' : Buffer.from(id).toString('base64'))
      return Buffer.from(first, 'base64')
    },
    stream: () => memory.stream(),
    deviceIndex: memory.deviceIndex,
    scratch: memory.address(scratch),
    cudaRuntime: runtime === undefined ? undefined : loadCudaRuntime(runtime),
  })
}
