/** Processes that compute on one processor core, so that what is compared is the work and not the number of cores. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { PeerProcess } from './peer-process.ts'

/** For libraries that would start a thread per core whatever they are told. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', UV_THREADPOOL_SIZE: '1' }

/** The first core that this process may use; undefined where processes cannot be bound to one. */
export function findCore(): string | undefined {
  if (process.platform !== 'linux') return undefined
  const core = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return core !== undefined && spawnSync('taskset', ['-c', core, 'true']).status === 0 ? core : undefined
}

/** Starts a process with one thread per library, bound to a core if there is one. */
export function startOnCore(core: string | undefined, command: string, args: readonly string[]): PeerProcess {
  return core === undefined
    ? new PeerProcess(command, args, ONE_THREAD)
    : new PeerProcess('taskset', ['-c', core, command, ...args], ONE_THREAD)
}
