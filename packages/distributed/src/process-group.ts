/** The processes of a job: who is where, who watches whom, and what each may use of its host. */
import { readFileSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { type Communicator, checkRange, SimclrError } from '@simclr/core'
import { meetAtStore, meetByMpi, namesMeetingPoint } from './meeting.ts'
import { type NcclOptions, openNcclOnEngine } from './nccl/open-nccl-on-engine.ts'
import { tensorCommunicator } from './tensor-communicator.ts'
import type { Transport } from './transport.ts'
import { startWatch } from './watch/start-watch.ts'

export interface ProcessGroupOptions {
  /** The shared library of MPI; default: that of the launcher, or `$SIMCLR_MPI_LIBRARY`. */
  readonly mpiLibrary?: string | undefined
  /**
   * Seconds after which a rank that is silent, or keeps others waiting without a sign of life, ends the job with its number and
   * host; default 20, 0 = never.
   */
  readonly hangTimeout?: number | undefined
  /** Receives warnings, one line each; default: console.warn. */
  readonly warn?: (line: string) => void
}

/** This process among those that were started together. */
export interface ProcessGroup {
  readonly rank: number
  readonly size: number
  readonly host: string
  /** Among the ranks of this host, 0..: the GPU to take. */
  readonly localRank: number
  /** Processor cores for this process: those it may run on, shared with the ranks that may run on the same. */
  readonly threads: number
  /** Name and version of what the processes met by. */
  readonly version: string
  /**
   * Operations by MPI on tensors of whatever backend is current; those on a GPU travel through the host's memory.
   *
   * @throws SimclrError if the processes were started without MPI.
   */
  overMpi(): Communicator
  /**
   * Operations by NCCL on tensors of libtorch on CUDA, which must be the current backend.
   *
   * @throws SimclrError without NCCL or a GPU.
   */
  overNccl(options?: NcclOptions): Promise<Communicator>
  /** Leaves the group in order; every rank does so. The process cannot join again. */
  close(): Promise<void>
  /** Ends all processes at once, this one with exit code `code`. */
  abort(code: number): never
}

/**
 * Joins the processes that `mpirun` or `srun` has started, or those whose environment names a meeting point as that of
 * PyTorch's torchrun does (`RANK`, `WORLD_SIZE`, `MASTER_ADDR`, `MASTER_PORT`). Without either the group has one member.
 *
 * @throws SimclrError without an MPI library, or with another one than the launcher's, or if the meeting point is not reached.
 * @example
 * const group = await joinProcessGroup()
 * const sum = group.overMpi().allReduceSum(tf.tensor1d([group.rank]))
 * await group.close()
 */
export async function joinProcessGroup({
  mpiLibrary,
  hangTimeout = 20,
  warn = console.warn,
}: ProcessGroupOptions = {}): Promise<ProcessGroup> {
  checkRange('joinProcessGroup: hangTimeout', hangTimeout, 0, 86_400)
  const meeting = namesMeetingPoint(process.env) ? await meetAtStore(process.env) : meetByMpi(mpiLibrary)
  const { rank, size, exchange, mpi, abort } = meeting
  const places = (await exchange(JSON.stringify(ownPlace()))).map((text) => JSON.parse(text) as Place)
  const hosts = places.map(({ host }) => host)
  const watch =
    size === 1 || hangTimeout === 0
      ? undefined
      : await startWatch(rank, exchange, { hosts, timeoutSeconds: hangTimeout, warn })
  let gpus: Transport | undefined
  return {
    ...{ rank, size, host: hosts[rank]!, ...share(places, rank), version: meeting.version },
    overMpi: () => {
      if (mpi !== undefined) return tensorCommunicator(mpi, watch?.observe)
      throw new SimclrError({
        parameter: 'processes',
        expected: 'started by mpirun or srun for --distributed mpi',
        received: 'started without MPI',
        remedy: 'Use --distributed nccl, or start them with mpirun.',
      })
    },
    overNccl: async (options = {}) => {
      gpus ??= await openNcclOnEngine({ ...options, rank, size, exchange, abort })
      return tensorCommunicator(gpus, watch?.observe)
    },
    close: async () => {
      await watch?.close()
      gpus?.close()
      meeting.close()
    },
    abort: (code) => (gpus === undefined ? abort(code) : gpus.abort(code)),
  }
}

interface Place {
  readonly host: string
  /** Processors that the process may run on, as the system writes them; empty where it does not say. */
  readonly processors: string
  readonly cores: number
}

function ownPlace(): Place {
  return { host: hostname(), processors: allowedProcessors(), cores: availableParallelism() }
}

function allowedProcessors(): string {
  if (process.platform !== 'linux') return ''
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
}

function share(places: readonly Place[], rank: number): Pick<ProcessGroup, 'localRank' | 'threads'> {
  const own = places[rank]!
  const onHost = ({ host }: Place): boolean => host === own.host
  const rivals = places.filter((place) => onHost(place) && place.processors === own.processors)
  return {
    localRank: places.slice(0, rank).filter(onHost).length,
    threads: Math.max(1, Math.floor(own.cores / rivals.length)),
  }
}
