/**
 * How MPI libraries represent their objects. The standard names functions, but until MPI 5 left the values behind
 * `MPI_COMM_WORLD` and the like to each library: addresses of variables in Open MPI, integers in MPICH and its relatives,
 * small addresses in the standard binary interface.
 */
import { basename } from 'node:path'
import type { LibraryHandle } from 'koffi'

/** Values of one library, each of the C type `handle`. */
export interface MpiAbi {
  readonly name: 'Open MPI' | 'MPICH' | 'the standard ABI'
  /** C type of communicators, data types, operations and requests. */
  readonly handle: 'uint64_t' | 'int32_t'
  readonly world: bigint | number
  readonly float: bigint | number
  readonly int: bigint | number
  readonly sum: bigint | number
  readonly errorsReturn: bigint | number
  /** `MPI_STATUS_IGNORE`. */
  readonly ignoredStatus: bigint
}

/** mpi.h of MPICH, which Intel MPI, MVAPICH and Cray MPICH share. */
const mpich: MpiAbi = {
  name: 'MPICH',
  handle: 'int32_t',
  world: 0x44000000,
  float: 0x4c00040a,
  int: 0x4c000405,
  sum: 0x58000003,
  errorsReturn: 0x54000001,
  ignoredStatus: 1n,
}

/** MPI 5.0, section "Application Binary Interface". */
const standard: MpiAbi = {
  name: 'the standard ABI',
  handle: 'uint64_t',
  world: 0x101n,
  float: 0x210n,
  int: 0x209n,
  sum: 0x21n,
  errorsReturn: 0x143n,
  ignoredStatus: 0n,
}

/**
 * @param path The library's file or name, which tells the standard interface from MPICH's own.
 */
export function mpiAbi(library: LibraryHandle, path: string): MpiAbi {
  if (basename(path).includes('mpi_abi')) return standard
  const address = (symbol: string): bigint => library.symbol(symbol, 'void') as unknown as bigint
  try {
    return {
      name: 'Open MPI',
      handle: 'uint64_t',
      world: address('ompi_mpi_comm_world'),
      float: address('ompi_mpi_float'),
      int: address('ompi_mpi_int'),
      sum: address('ompi_mpi_op_sum'),
      errorsReturn: address('ompi_mpi_errors_return'),
      ignoredStatus: 0n,
    }
  } catch {
    return mpich
  }
}
