/** The flags of a command that several processes run together. */
import { setTimeout } from 'node:timers/promises'
import { type Communicator, SimclrError } from '@simclr/core'
import { joinProcessGroup, type ProcessGroup } from '@simclr/distributed'
import { findLibtorch } from '@simclr/engine'
import type { Command } from 'commander'
import { parseNumber } from './schema-flags.ts'

export interface GroupFlags {
  distributed?: string
  mpiLibrary?: string
  hangTimeout?: number
}

/** Adds `--distributed`, `--mpi-library` and `--hang-timeout`. */
export function addGroupFlags(command: Command): Command {
  return command
    .option(
      '--distributed <transport>',
      'train over the processes that mpirun or srun has started: mpi or nccl',
    )
    .option('--mpi-library <file>', "MPI's shared library (default: that of the launcher)")
    .option(
      '--hang-timeout <seconds>',
      'end the job if a rank is silent, or keeps others waiting, for so long; 0 = never (default: 20)',
      (text) => parseNumber('--hang-timeout', text),
    )
}

/** Joins the processes of this command, if it is to run over several. */
export async function joinGroup(flags: GroupFlags): Promise<ProcessGroup | undefined> {
  const { distributed: transport, mpiLibrary, hangTimeout } = flags
  if (transport === undefined) return undefined
  if (transport !== 'mpi' && transport !== 'nccl') {
    throw new SimclrError({ parameter: '--distributed', expected: 'mpi or nccl', received: `"${transport}"` })
  }
  const warn = (line: string): void => console.error(`warning: ${line}`)
  const group = await joinProcessGroup({ mpiLibrary, hangTimeout, warn })
  const { rank, size, version } = group
  if (rank === 0) console.log(`distributed: ${size} ${size === 1 ? 'process' : 'processes'}, ${version}`)
  if (size === 1) console.log('only one process: start several with mpirun -n 4 simclr …')
  return group
}

/** What carries the tensors of a group; to be called once the engine runs. */
export async function openCommunicator(
  group: ProcessGroup,
  { distributed }: GroupFlags,
): Promise<Communicator> {
  if (distributed === 'mpi') return group.overMpi()
  const { found } = await findLibtorch(process.env, 'cuda')
  return group.overNccl({ libraryFolder: found?.folder })
}

/** How long other ranks let rank 0 speak first: what all of them know is said once. */
const RANK_ZERO_FIRST_MILLISECONDS = 500

/** Runs something on every rank; an error on one ends all of them, with its rank and host. */
export async function endTogether(group: ProcessGroup, run: () => Promise<void>): Promise<void> {
  const { rank, size, host } = group
  try {
    await run()
  } catch (error) {
    if (rank > 0) await setTimeout(RANK_ZERO_FIRST_MILLISECONDS)
    const text = SimclrError.isInstance(error) ? error.message : ((error as Error).stack ?? String(error))
    console.error(`rank ${rank} of ${size} (${host}): error: ${text}`)
    group.abort(1)
  }
  await group.close()
}
