/** Runs programs over several processes with each MPI of this machine. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { simclrHome } from '@simclr/engine'

/** An `mpirun` and the library that belongs to it. */
export interface MpiInstallation {
  readonly name: string
  readonly mpirun: string
  /** What lets it start more processes than there are cores, also as root. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const openMpi: MpiInstallation = {
  name: 'Open MPI',
  mpirun: 'mpirun.openmpi',
  args: ['--oversubscribe', '--bind-to', 'none'],
  env: {
    OMPI_ALLOW_RUN_AS_ROOT: '1',
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
    OMPI_MCA_mpi_yield_when_idle: '1',
  },
}
const mpich: MpiInstallation = { name: 'MPICH', mpirun: 'mpirun.mpich', args: [], env: {} }
/** Of `tools/setup/test-python.mjs`. */
const python = join(simclrHome(), 'test-python')
const standard: MpiInstallation = {
  name: 'the standard ABI',
  mpirun: join(python, 'bin', 'mpirun'),
  args: [],
  env: { SIMCLR_MPI_LIBRARY: join(python, 'lib', 'libmpi_abi.so.1') },
}

const starts = ({ mpirun, env }: MpiInstallation): boolean =>
  (env.SIMCLR_MPI_LIBRARY === undefined || existsSync(env.SIMCLR_MPI_LIBRARY)) &&
  spawnSync(mpirun, ['--version'], { stdio: 'ignore' }).status === 0

/** Those that are here, the first of them for tests that need any; none is a reason to skip. */
export const mpiInstallations: readonly MpiInstallation[] = [openMpi, mpich, standard].filter(starts)

/** For the names of skipped tests. */
export const NO_MPI = 'no MPI: install openmpi-bin or mpich'

export interface MpiResult {
  /** Exit code of mpirun; null if a signal ended it. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** What some of the ranks run: `node ARGUMENTS`. */
export interface MpiProgram {
  readonly ranks: number
  readonly args: readonly string[]
  /** Working folder; default this one's. */
  readonly cwd?: string
}

export interface MpiRunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Called with all output so far whenever there is more. */
  readonly onOutput?: (stdout: string) => void
}

/** Runs programs together, the ranks of the first one first, and waits for their end. */
export function runMpi(
  { mpirun, args: own, env: ownEnv }: MpiInstallation,
  programs: readonly MpiProgram[],
  { env = {}, onOutput }: MpiRunOptions = {},
): Promise<MpiResult> {
  const parts = programs.map(({ ranks, args, cwd }) => [
    ...['-n', String(ranks)],
    ...(cwd === undefined ? [] : ['-wdir', cwd]),
    ...[process.execPath, ...args],
  ])
  const args = [...own, ...parts.flatMap((part, i) => (i === 0 ? part : [':', ...part]))]
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(mpirun, args, {
      env: { ...process.env, OMP_NUM_THREADS: '1', ...ownEnv, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      onOutput?.(stdout)
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (status) =>
      resolve({ status, stdout, stderr, seconds: (performance.now() - began) / 1000 }),
    )
  })
}

/** Node arguments that run a TypeScript program on the built packages. */
export function builtProgram(path: string, ...args: string[]): string[] {
  return ['--import', 'tsx', path, ...args]
}
