/** Where the MPI library is that belongs to the launcher of this process. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What started this process, as its environment tells. */
export interface MpiLauncher {
  /** Which library's `mpirun`, as far as that is known. */
  readonly kind: 'Open MPI' | 'MPICH' | undefined
  /** Processes that it started; undefined if it does not say so. */
  readonly size: number | undefined
}

const OPEN_MPI = ['libmpi.so.40', 'libmpi.40.dylib']
/** Own names before `libmpi.so`, which may be any library's. */
const MPICH = ['libmpich.so.12', 'libmpi.so.12', 'libmpi_abi.so.1', 'libmpi.12.dylib']
const ANY = ['libmpi_abi.so.0', 'libmpi.so', 'libmpi.dylib']

/** What variables of Open MPI, of MPICH's hydra and its relatives, and of Slurm say. */
export function mpiLauncher(environment: NodeJS.ProcessEnv): MpiLauncher {
  const number = (name: string): number | undefined => {
    const value = environment[name]
    return value === undefined ? undefined : Number(value)
  }
  const openMpi = number('OMPI_COMM_WORLD_SIZE')
  if (openMpi !== undefined) return { kind: 'Open MPI', size: openMpi }
  const hydra = number('PMI_SIZE') ?? number('MPI_LOCALNRANKS')
  if (hydra !== undefined) return { kind: 'MPICH', size: number('PMI_SIZE') }
  const underSlurm = environment.SLURM_STEP_ID !== undefined && environment.SLURM_PROCID !== undefined
  return { kind: undefined, size: underSlurm ? number('SLURM_NTASKS') : undefined }
}

/**
 * Names and paths to try, the most likely first: what the user names alone; else libraries beside the `mpirun` of the
 * search path, then those that the system's loader knows, the launcher's own before others.
 */
export function mpiCandidates(
  environment: NodeJS.ProcessEnv,
  named: string | undefined = environment.SIMCLR_MPI_LIBRARY,
): string[] {
  if (named !== undefined) return [named]
  const { kind } = mpiLauncher(environment)
  const names =
    kind === 'MPICH' ? [...MPICH, ...ANY, ...OPEN_MPI] : [...OPEN_MPI, ...ANY.slice(0, 1), ...MPICH, ...ANY]
  const besides = launcherFolders(environment).flatMap((folder) => names.map((name) => join(folder, name)))
  return [...new Set([...besides.filter((path) => existsSync(path)), ...names])]
}

/** `lib` beside each `bin` of the search path that holds an mpirun, except for the system's, which the loader knows. */
function launcherFolders({ PATH = '', OPAL_PREFIX, MPI_HOME }: NodeJS.ProcessEnv): string[] {
  const own = PATH.split(':').filter((bin) => bin.startsWith('/') && existsSync(join(bin, 'mpirun')))
  const prefixes = [OPAL_PREFIX, MPI_HOME, ...own.map((bin) => dirname(bin))]
  return prefixes
    .filter((prefix) => prefix !== undefined && prefix !== '/usr' && prefix !== '/')
    .map((prefix) => join(prefix!, 'lib'))
}
