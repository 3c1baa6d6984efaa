/** Tells when the work that was queued on a GPU is done, without waiting for it. */
import { setTimeout } from 'node:timers/promises'
import type { LibraryHandle } from 'koffi'
import { LibtorchError } from './libtorch-error.ts'

const DISABLE_TIMING = 2
const NOT_READY = 600
const POLL_MILLISECONDS = 1

/** Resolves when everything that was queued before the call is done. */
export type WhenDone = () => Promise<void>

/** What is known of a GPU's queue of work. */
export interface CudaQueue {
  readonly whenDone: WhenDone
  /** The stream on which torch computes, a pointer. */
  readonly stream: () => bigint
}

/**
 * @param torchCuda `libtorch_cuda`, for the stream on which torch computes
 * @param cudaRuntime `libcudart`
 * @param device number of the GPU
 */
export function cudaQueue(torchCuda: LibraryHandle, cudaRuntime: LibraryHandle, device: number): CudaQueue {
  const currentStream = torchCuda.func(
    'int32_t aoti_torch_get_current_cuda_stream(int32_t device, _Out_ uint64_t* stream)',
  )
  const create = cudaRuntime.func('int cudaEventCreateWithFlags(_Out_ uint64_t* event, unsigned int flags)')
  const record = cudaRuntime.func('int cudaEventRecord(uint64_t event, uint64_t stream)')
  const query = cudaRuntime.func('int cudaEventQuery(uint64_t event)')
  const destroy = cudaRuntime.func('int cudaEventDestroy(uint64_t event)')
  const check = (status: number, name: string): void => {
    if (status !== 0) throw new LibtorchError(`CUDA refused ${name}: error ${status}.`)
  }
  const created = (name: string, call: (result: unknown[]) => number): bigint => {
    const result: unknown[] = [null]
    check(call(result), name)
    return BigInt(result[0] as number | bigint)
  }
  const stream = (): bigint => created('get_current_cuda_stream', (result) => currentStream(device, result))
  const whenDone = async (): Promise<void> => {
    const event = created('cudaEventCreate', (result) => create(result, DISABLE_TIMING))
    try {
      check(record(event, stream()), 'cudaEventRecord')
      for (let status = NOT_READY; status === NOT_READY; ) {
        await setTimeout(POLL_MILLISECONDS)
        status = query(event)
        if (status !== NOT_READY) check(status, 'cudaEventQuery')
      }
    } finally {
      destroy(event)
    }
  }
  return { whenDone, stream }
}
