/** Collective operations by NCCL, on memory of NVIDIA GPUs. */
import { checkInteger, checkRange, SimclrError } from '@simclr/core'
import type { ElementType, Memory, Request, Transport } from '../transport.ts'
import type { CudaRuntime } from './cuda-runtime.ts'
import { NCCL_ID_BYTES, type NcclLibrary } from './nccl-library.ts'
import type { ShareId } from './share-id.ts'

export interface NcclTransportOptions {
  /** This process, 0..size-1. */
  readonly rank: number
  readonly size: number
  readonly library: NcclLibrary
  /** Hands rank 0's id to everybody: an MPI broadcast, or `shareIdOverStore`. */
  readonly shareId: ShareId
  /** The CUDA stream in which the engine works: operations are queued there, in order with its kernels. */
  readonly stream: () => bigint
  /** The GPU whose memory is exchanged; no two ranks may share one. */
  readonly deviceIndex: number
  /** Address of at least 8 bytes on the GPU, which `barrier` overwrites. */
  readonly scratch: bigint
  /**
   * With it, the transport selects the GPU itself, and `barrier` returns when every rank has come. Without it, the engine
   * must have called `cudaSetDevice(deviceIndex)` in this thread, and barriers only order the streams.
   */
  readonly cudaRuntime?: CudaRuntime | undefined
  /** Ends the processes of all ranks, e.g. by `MPI_Abort`. Default: this one; NCCL tells the others when they next check. */
  readonly abort?: ((code: number) => never) | undefined
}

/** A transport that can say what it runs on. */
export interface NcclTransport extends Transport {
  /** Name and version of the library. */
  readonly version: string
}

const BYTES: Readonly<Record<ElementType, number>> = { float32: 4, int32: 4, bf16: 2 }
const POLL_MILLISECONDS = 0.05

const queued: Request = { test: () => true, wait: () => {} }

/**
 * Joins a group of processes with a GPU each; returns when all of them have joined. Every rank calls it.
 *
 * Operations return when they are queued, also those of `begin`, whose requests are done at once: the stream keeps their
 * order. What has gone wrong on the way, such as the loss of a rank, is thrown by the next call.
 *
 * @throws SimclrError if the id does not come, or NCCL cannot use the GPU or reach the other ranks.
 * @example
 * const library = loadNccl(findNccl({ libraryFolder }))
 * const transport = await openNcclTransport({
 *   rank, size, library, deviceIndex, scratch,
 *   shareId: shareIdOverStore(await openTcpStore({ rank, size, host, port })),
 *   stream: () => memory.stream(),
 * })
 */
export async function openNcclTransport(options: NcclTransportOptions): Promise<NcclTransport> {
  const { rank, size, library, stream, scratch, cudaRuntime } = options
  checkInteger('openNcclTransport: size', size, 1)
  checkInteger('openNcclTransport: rank', rank, 0)
  checkRange('openNcclTransport: rank', rank, 0, size - 1)
  const id = await options.shareId(rank === 0 ? library.newId() : undefined)
  checkId(id)
  cudaRuntime?.setDevice(options.deviceIndex)
  const group = library.join(size, id, rank)
  let isOpen = true

  /** Where to queue, unless the group has failed. */
  const place = (): [group: bigint, stream: bigint] => {
    if (!isOpen)
      throw new SimclrError({ parameter: 'NCCL group', expected: 'open', received: 'a closed one' })
    library.check(group)
    return [group, stream()]
  }
  const isReached = (): boolean => {
    if (isOpen) library.check(group)
    return cudaRuntime?.isDone(stream()) ?? true
  }
  const beginBarrier = (): Request => {
    library.allReduceSum(scratch, scratch, 1, 'int32', ...place())
    return {
      test: isReached,
      wait: () => {
        while (!isReached()) pause()
      },
    }
  }
  const queue = {
    allReduceSum: (send: Memory, receive: Memory, count: number, type: ElementType): Request => {
      library.allReduceSum(address(send), address(receive), count, type, ...place())
      return queued
    },
    allGather: (send: Memory, receive: Memory, count: number, type: ElementType): Request => {
      library.allGather(address(send), address(receive), count, type, ...place())
      return queued
    },
    broadcast: (memory: Memory, count: number, type: ElementType, root: number): Request => {
      library.broadcast(address(memory), address(memory), count, type, root, ...place())
      return queued
    },
    barrier: beginBarrier,
  }
  return {
    rank,
    size,
    device: 'cuda',
    reducesBfloat16: true,
    version: `NCCL ${library.version}`,
    allReduceSum: (...args) => void queue.allReduceSum(...args),
    allGather: (...args) => void queue.allGather(...args),
    allToAll: (send, receive, count, type) => {
      const [from, to] = [address(send), address(receive)]
      const where = place()
      library.together(() => {
        for (let peer = 0; peer < size; peer++) {
          const offset = BigInt(peer * count * BYTES[type])
          library.send(from + offset, count, type, peer, ...where)
          library.receive(to + offset, count, type, peer, ...where)
        }
      })
    },
    broadcast: (...args) => void queue.broadcast(...args),
    barrier: () => beginBarrier().wait(),
    begin: queue,
    close: () => {
      if (isOpen) library.leave(group)
      isOpen = false
    },
    abort: (code) => {
      try {
        if (isOpen) library.abort(group)
      } catch {
        // The process ends anyway.
      }
      return (options.abort ?? ((code) => process.exit(code)))(code)
    },
  }
}

function address(memory: Memory): bigint {
  if (typeof memory === 'bigint') return memory
  throw new SimclrError({
    parameter: 'NCCL: memory',
    expected: 'an address on the GPU, as a bigint',
    received: `a ${memory.constructor.name}`,
    remedy: 'Use an engine whose tensors are on the GPU, or MPI for those of the host.',
  })
}

function checkId(id: Uint8Array): void {
  if (id.length === NCCL_ID_BYTES) return
  throw new SimclrError({
    parameter: 'openNcclTransport: shareId',
    expected: `resolved with the ${NCCL_ID_BYTES} bytes of rank 0`,
    received: `${id.length} bytes`,
  })
}

/** Gives the processor to others for a moment; the GPU works on. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MILLISECONDS)
}
