/** NCCL's C interface (`nccl.h`): the functions that move tensors between GPUs. */
import { SimclrError } from '@simclr/core'
import koffi, { type LibraryHandle } from 'koffi'
import type { ElementType } from '../transport.ts'

/** Bytes of the id by which the processes of a group meet: `NCCL_UNIQUE_ID_BYTES`. */
export const NCCL_ID_BYTES = 128

/** `ncclDataType_t` */
export const NCCL_TYPES: Readonly<Record<ElementType, number>> = { int32: 2, float32: 7, bf16: 9 }

/** `ncclRedOp_t` */
const SUM = 0
/** `ncclResult_t` */
const IN_PROGRESS = 7
/** The first version that knows bf16, as `NCCL_VERSION_CODE`. */
const OLDEST_VERSION = 21_000

const REMEDIES: Readonly<Record<number, string>> = {
  1: 'Check with nvidia-smi that each rank has a GPU of its own, and that the driver is new enough for this NCCL.',
  2: 'Check the network between the machines and the room in /dev/shm; NCCL_DEBUG=INFO tells more.',
  6: 'See what the other ranks printed last: one of them is gone, or the network is.',
}

/** A member of a group: `ncclComm_t`. */
export type NcclGroup = bigint

/**
 * A loaded NCCL. Functions that take a stream queue their work there. Addresses are of memory on the GPU; `count` is in
 * elements. All throw a SimclrError with NCCL's own words.
 */
export interface NcclLibrary {
  /** E.g. `2.30.7`. */
  readonly version: string
  /** An id of 128 bytes for a new group; every rank needs the same. */
  newId(): Uint8Array
  /** Joins a group with the current CUDA device; returns when all ranks have come. */
  join(size: number, id: Uint8Array, rank: number): NcclGroup
  allReduceSum(...args: [...Transfer, ...Place]): void
  allGather(...args: [...Transfer, ...Place]): void
  broadcast(...args: [...Transfer, root: number, ...Place]): void
  send(memory: bigint, count: number, type: ElementType, peer: number, ...place: Place): void
  receive(memory: bigint, count: number, type: ElementType, peer: number, ...place: Place): void
  /** Queues the operations that `run` calls as one, so that sends and receives cannot wait for each other. */
  together(run: () => void): void
  /** Throws what has gone wrong in the group since work was queued, e.g. the loss of a rank. */
  check(group: NcclGroup): void
  leave(group: NcclGroup): void
  /** Leaves without waiting for what is queued. */
  abort(group: NcclGroup): void
}

type Transfer = [send: bigint, receive: bigint, count: number, type: ElementType]
type Place = [group: NcclGroup, stream: bigint]

/**
 * Loads NCCL. Needs no GPU; `join` does.
 *
 * @param path see `findNccl`
 * @throws SimclrError if the file cannot be loaded, lacks a function, or is older than NCCL 2.10
 */
export function loadNccl(path: string): NcclLibrary {
  try {
    return bind(koffi.load(path))
  } catch (cause) {
    if (SimclrError.isInstance(cause)) throw cause
    throw new SimclrError({
      parameter: 'NCCL',
      expected: 'a loadable libnccl of version 2.10 or newer',
      received: `${path}: ${(cause as Error).message}`,
      cause,
    })
  }
}

function bind(library: LibraryHandle): NcclLibrary {
  const errorText: (status: number) => string = library.func('const char* ncclGetErrorString(int status)')
  const lastError: (group: bigint) => string = library.func('const char* ncclGetLastError(uint64_t group)')
  const check = (name: string, status: number, group: NcclGroup = 0n): void => {
    if (status === 0) return
    throw new SimclrError({
      parameter: name,
      expected: 'successful',
      received: [errorText(status), lastError(group)].filter((text) => text).join(': '),
      remedy: REMEDIES[status] ?? 'Set NCCL_DEBUG=INFO to see more.',
    })
  }
  const checked = (name: string, parameters: string): ((...args: unknown[]) => void) => {
    const call: (...args: unknown[]) => number = library.func(`int ${name}(${parameters})`)
    return (...args) => check(name, call(...args))
  }
  const transfer = 'uint64_t send, uint64_t receive, size_t count, int type'
  const message = 'uint64_t memory, size_t count, int type, int peer, uint64_t group, uint64_t stream'
  const newId = checked('ncclGetUniqueId', 'void* id')
  const join = initRank(library)
  const allReduce = checked('ncclAllReduce', `${transfer}, int operation, uint64_t group, uint64_t stream`)
  const allGather = checked('ncclAllGather', `${transfer}, uint64_t group, uint64_t stream`)
  const broadcast = checked('ncclBroadcast', `${transfer}, int root, uint64_t group, uint64_t stream`)
  const send = checked('ncclSend', message)
  const receive = checked('ncclRecv', message)
  const groupStart = checked('ncclGroupStart', '')
  const groupEnd = checked('ncclGroupEnd', '')
  const asyncError = checked('ncclCommGetAsyncError', 'uint64_t group, void* status')
  const leave = checked('ncclCommDestroy', 'uint64_t group')
  const abort = checked('ncclCommAbort', 'uint64_t group')
  const status = new Int32Array(1)
  return {
    version: checkedVersion(library),
    newId: () => {
      const id = new Uint8Array(NCCL_ID_BYTES)
      newId(id)
      return id
    },
    join: (size, id, rank) => {
      const result: unknown[] = [null]
      check('ncclCommInitRank', join(result, size, { internal: id }, rank))
      return BigInt(result[0] as number | bigint)
    },
    allReduceSum: (from, to, count, type, ...place) =>
      allReduce(from, to, count, NCCL_TYPES[type], SUM, ...place),
    allGather: (from, to, count, type, ...place) => allGather(from, to, count, NCCL_TYPES[type], ...place),
    broadcast: (from, to, count, type, root, ...place) =>
      broadcast(from, to, count, NCCL_TYPES[type], root, ...place),
    send: (memory, count, type, peer, ...place) => send(memory, count, NCCL_TYPES[type], peer, ...place),
    receive: (memory, count, type, peer, ...place) =>
      receive(memory, count, NCCL_TYPES[type], peer, ...place),
    together: (run) => {
      groupStart()
      try {
        run()
      } catch (error) {
        endFailedGroup(groupEnd)
        throw error
      }
      groupEnd()
    },
    check: (group) => {
      asyncError(group, status)
      if (status[0] !== IN_PROGRESS) check('NCCL group', status[0]!, group)
    },
    leave: (group) => leave(group),
    abort: (group) => abort(group),
  }
}

type InitRank = (result: unknown[], size: number, id: { internal: Uint8Array }, rank: number) => number

/** The one function that takes the id by value. */
function initRank(library: LibraryHandle): InitRank {
  const id = koffi.struct({ internal: koffi.array('uint8_t', NCCL_ID_BYTES, 'Typed') })
  const result = koffi.out(koffi.pointer('uint64_t'))
  return library.func('ncclCommInitRank', 'int', [result, 'int', id, 'int']) as unknown as InitRank
}

/** A group with a refused operation ends in that operation's error, which the caller has. */
function endFailedGroup(groupEnd: () => void): void {
  try {
    groupEnd()
  } catch {}
}

function checkedVersion(library: LibraryHandle): string {
  const code = new Int32Array(1)
  library.func('int ncclGetVersion(void* version)')(code)
  const [version] = code as unknown as [number]
  const parts = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100]
  if (version >= OLDEST_VERSION) return parts.join('.')
  throw new SimclrError({
    parameter: 'NCCL',
    expected: 'version 2.10 or newer',
    received: `version code ${version}`,
    remedy: 'Install a newer one: pip install nvidia-nccl-cu13, or -cu12 for CUDA 12.',
  })
}
