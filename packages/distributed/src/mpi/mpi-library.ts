/** The functions of an MPI library, reached through koffi. */
import { SimclrError } from '@simclr/core'
import koffi, { type LibraryHandle } from 'koffi'
import type { Memory } from '../transport.ts'
import { type MpiAbi, mpiAbi } from './mpi-abi.ts'

/** An opaque value of MPI. */
export type MpiHandle = bigint | number
type Status = number

/** The functions that are used, with the names of the standard without `MPI_`; those return 0 for success. */
export interface MpiFunctions {
  Initialized(flag: Int32Array): Status
  Init(argc: null, argv: null): Status
  Finalize(): Status
  Abort(group: MpiHandle, code: number): Status
  Comm_rank(group: MpiHandle, rank: Int32Array): Status
  Comm_size(group: MpiHandle, size: Int32Array): Status
  Comm_set_errhandler(group: MpiHandle, handler: MpiHandle): Status
  Error_string(code: number, text: Buffer, length: Int32Array): Status
  Get_library_version(text: Buffer, length: Int32Array): Status
  Allreduce(
    send: Memory,
    receive: Memory,
    count: number,
    type: MpiHandle,
    op: MpiHandle,
    group: MpiHandle,
  ): Status
  Iallreduce(...args: [Memory, Memory, number, MpiHandle, MpiHandle, MpiHandle, request: MpiRequest]): Status
  Allgather(...args: [Memory, number, MpiHandle, Memory, number, MpiHandle, group: MpiHandle]): Status
  Iallgather(
    ...args: [Memory, number, MpiHandle, Memory, number, MpiHandle, MpiHandle, request: MpiRequest]
  ): Status
  Alltoall(...args: [Memory, number, MpiHandle, Memory, number, MpiHandle, group: MpiHandle]): Status
  Bcast(memory: Memory, count: number, type: MpiHandle, root: number, group: MpiHandle): Status
  Ibcast(...args: [Memory, number, MpiHandle, root: number, group: MpiHandle, request: MpiRequest]): Status
  Barrier(group: MpiHandle): Status
  Ibarrier(group: MpiHandle, request: MpiRequest): Status
  Test(request: MpiRequest, flag: Int32Array, status: bigint): Status
  Wait(request: MpiRequest, status: bigint): Status
}

/** Room for one handle. */
export type MpiRequest = BigUint64Array | Int32Array

/** Parameters in C; HANDLE is the library's type of handles. */
const SIGNATURES: Readonly<Record<keyof MpiFunctions, string>> = {
  Initialized: 'void*',
  Init: 'void*, void*',
  Finalize: '',
  Abort: 'HANDLE, int',
  Comm_rank: 'HANDLE, void*',
  Comm_size: 'HANDLE, void*',
  Comm_set_errhandler: 'HANDLE, HANDLE',
  Error_string: 'int, void*, void*',
  Get_library_version: 'void*, void*',
  Allreduce: 'void*, void*, int, HANDLE, HANDLE, HANDLE',
  Iallreduce: 'void*, void*, int, HANDLE, HANDLE, HANDLE, void*',
  Allgather: 'void*, int, HANDLE, void*, int, HANDLE, HANDLE',
  Iallgather: 'void*, int, HANDLE, void*, int, HANDLE, HANDLE, void*',
  Alltoall: 'void*, int, HANDLE, void*, int, HANDLE, HANDLE',
  Bcast: 'void*, int, HANDLE, int, HANDLE',
  Ibcast: 'void*, int, HANDLE, int, HANDLE, void*',
  Barrier: 'HANDLE',
  Ibarrier: 'HANDLE, void*',
  Test: 'void*, void*, void*',
  Wait: 'void*, void*',
}

export interface MpiLibrary extends MpiFunctions {
  readonly abi: MpiAbi
  /** File or name by which it was loaded. */
  readonly path: string
}

/** Bytes that no text of an MPI library exceeds. */
const TEXT_BYTES = 8192

/**
 * Loads the first library that there is.
 *
 * @param candidates Paths, and names for the system's loader.
 * @throws SimclrError if none can be loaded, with what was tried.
 */
export function loadMpi(candidates: readonly string[]): MpiLibrary {
  const obstacles: string[] = []
  for (const path of candidates) {
    try {
      // Open MPI opens plug-ins, which look for its symbols.
      return bind(koffi.load(path, { global: true }), path)
    } catch (error) {
      obstacles.push(`${path}: ${(error as Error).message}`)
    }
  }
  throw new SimclrError({
    parameter: 'MPI',
    expected: 'installed, as a shared library',
    received: candidates.length === 1 ? obstacles[0]! : `none of ${candidates.join(', ')}`,
    remedy: 'Install Open MPI or MPICH, or name the library of your mpirun with --mpi-library.',
  })
}

function bind(library: LibraryHandle, path: string): MpiLibrary {
  const abi = mpiAbi(library, path)
  const functions = Object.entries(SIGNATURES).map(([name, parameters]) => [
    name,
    library.func(`int MPI_${name}(${parameters.replaceAll('HANDLE', abi.handle)})`),
  ])
  return { ...(Object.fromEntries(functions) as MpiFunctions), abi, path }
}

/** @throws SimclrError with the library's own words unless `status` is success. */
export function checkMpi(library: MpiLibrary, call: keyof MpiFunctions, status: number): void {
  if (status === 0) return
  const text = readText((buffer, length) => library.Error_string(status, buffer, length))
  throw new SimclrError({ parameter: `MPI_${call}`, expected: 'successful', received: text })
}

/** One line that names the library and its version. */
export function mpiVersion(library: MpiLibrary): string {
  const text = readText((buffer, length) => library.Get_library_version(buffer, length))
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/,? (package|MPICH Release date).*/i, '')
    .trim()
}

function readText(read: (buffer: Buffer, length: Int32Array) => number): string {
  const buffer = Buffer.alloc(TEXT_BYTES)
  const length = new Int32Array(1)
  read(buffer, length)
  return buffer.toString('utf8', 0, length[0])
}
