/** Collective operations by MPI, on memory of the host. */
import { SimclrError } from '@simclr/core'
import type { ElementType, Request, Transport } from '../transport.ts'
import { mpiCandidates, mpiLauncher } from './find-mpi.ts'
import {
  checkMpi,
  loadMpi,
  type MpiFunctions,
  type MpiHandle,
  type MpiLibrary,
  mpiVersion,
} from './mpi-library.ts'

export interface MpiTransportOptions {
  /** The shared library of MPI; default: that of the launcher, or `$SIMCLR_MPI_LIBRARY`. */
  readonly library?: string | undefined
}

/** A transport that can say what it runs on. */
export interface MpiTransport extends Transport {
  /** Name and version of the library. */
  readonly version: string
}

/**
 * Joins the processes that `mpirun` or `srun` has started. Without a launcher the group has one member.
 *
 * @throws SimclrError if there is no MPI library, if it was left before in this process (MPI starts only once), or if it
 *   is not the launcher's: then every process would believe to be alone.
 */
export function openMpiTransport({ library: named }: MpiTransportOptions = {}): MpiTransport {
  const library = loadMpi(mpiCandidates(process.env, named))
  const call = <Name extends keyof MpiFunctions>(name: Name, ...args: Parameters<MpiFunctions[Name]>): void =>
    checkMpi(library, name, (library[name] as (...args: unknown[]) => number)(...args))
  const { world, sum, errorsReturn } = library.abi

  const flag = new Int32Array(1)
  call('Initialized', flag)
  if (flag[0] === 0) call('Init', null, null)
  call('Comm_set_errhandler', world, errorsReturn)
  const read = (name: 'Comm_rank' | 'Comm_size'): number => {
    const value = new Int32Array(1)
    call(name, world, value)
    return value[0]!
  }
  const [rank, size] = [read('Comm_rank'), read('Comm_size')]
  checkLauncher(library, size)

  const typeOf = (type: ElementType): MpiHandle => {
    if (type === 'bf16') {
      throw new SimclrError({ parameter: 'MPI', expected: 'given float32 or int32', received: 'bf16' })
    }
    return type === 'float32' ? library.abi.float : library.abi.int
  }
  const begin = (start: (request: BigUint64Array | Int32Array) => void): Request => {
    const request = library.abi.handle === 'uint64_t' ? new BigUint64Array(1) : new Int32Array(1)
    start(request)
    return pendingRequest(library, request)
  }

  return {
    rank,
    size,
    device: 'cpu',
    reducesBfloat16: false,
    version: mpiVersion(library),
    allReduceSum: (send, receive, count, type) =>
      call('Allreduce', send, receive, count, typeOf(type), sum, world),
    allGather: (send, receive, count, type) =>
      call('Allgather', send, count, typeOf(type), receive, count, typeOf(type), world),
    allToAll: (send, receive, count, type) =>
      call('Alltoall', send, count, typeOf(type), receive, count, typeOf(type), world),
    broadcast: (memory, count, type, root) => call('Bcast', memory, count, typeOf(type), root, world),
    barrier: () => call('Barrier', world),
    begin: {
      allReduceSum: (send, receive, count, type) =>
        begin((request) => call('Iallreduce', send, receive, count, typeOf(type), sum, world, request)),
      allGather: (send, receive, count, type) => {
        const element = typeOf(type)
        return begin((request) =>
          call('Iallgather', send, count, element, receive, count, element, world, request),
        )
      },
      broadcast: (memory, count, type, root) =>
        begin((request) => call('Ibcast', memory, count, typeOf(type), root, world, request)),
      barrier: () => begin((request) => call('Ibarrier', world, request)),
    },
    close: () => call('Finalize'),
    abort: (code) => {
      library.Abort(world, code)
      process.exit(code)
    },
  }
}

function pendingRequest(library: MpiLibrary, request: BigUint64Array | Int32Array): Request {
  const { ignoredStatus } = library.abi
  const flag = new Int32Array(1)
  return {
    test: () => {
      checkMpi(library, 'Test', library.Test(request, flag, ignoredStatus))
      return flag[0] !== 0
    },
    wait: () => checkMpi(library, 'Wait', library.Wait(request, ignoredStatus)),
  }
}

/** @throws SimclrError if the launcher has started another number of processes than the library sees. */
function checkLauncher({ path, abi }: MpiLibrary, size: number): void {
  const launcher = mpiLauncher(process.env)
  if (launcher.size === undefined || launcher.size === size) return
  throw new SimclrError({
    parameter: `MPI library ${path}`,
    expected: `of the launcher, which has started ${launcher.size} processes`,
    received: `${abi.name}, which sees ${size}`,
    remedy: 'Name the library of your mpirun with --mpi-library.',
  })
}
