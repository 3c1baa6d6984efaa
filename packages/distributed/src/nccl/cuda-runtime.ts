/** The part of CUDA's runtime with which a process waits for its GPU. */
import { SimclrError } from '@simclr/core'
import koffi from 'koffi'

export interface CudaRuntime {
  /** Selects the GPU on which this thread works. */
  setDevice(index: number): void
  /** Whether everything that is queued in the stream is done. */
  isDone(stream: bigint): boolean
}

const NOT_READY = 600

/**
 * @param path see `findCudaRuntime`
 * @throws SimclrError if the file cannot be loaded or is another library; its functions throw what CUDA reports.
 */
export function loadCudaRuntime(path: string): CudaRuntime {
  try {
    return bind(path)
  } catch (cause) {
    throw new SimclrError({
      parameter: 'CUDA runtime',
      expected: 'a loadable libcudart',
      received: `${path}: ${(cause as Error).message}`,
      cause,
    })
  }
}

function bind(path: string): CudaRuntime {
  const library = koffi.load(path)
  const setDevice: (index: number) => number = library.func('int cudaSetDevice(int index)')
  const query: (stream: bigint) => number = library.func('int cudaStreamQuery(uint64_t stream)')
  const describe: (status: number) => string = library.func('const char* cudaGetErrorString(int status)')
  const check = (name: string, status: number): void => {
    if (status === 0) return
    throw new SimclrError({
      parameter: name,
      expected: 'successful',
      received: `CUDA error ${status}: ${describe(status)}`,
      remedy: 'Check with nvidia-smi that the GPU is there and that its driver is new enough.',
    })
  }
  return {
    setDevice: (index) => check(`cudaSetDevice(${index})`, setDevice(index)),
    isDone: (stream) => {
      const status = query(stream)
      if (status !== NOT_READY) check('cudaStreamQuery', status)
      return status !== NOT_READY
    },
  }
}
