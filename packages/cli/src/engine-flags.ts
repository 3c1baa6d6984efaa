/** The flags that choose an engine, the same for every command that computes. */
import type { ProcessGroup } from '@simclr/distributed'
import { type Device, type EngineSelection, type Precision, useEngine } from '@simclr/engine'
import type { Command } from 'commander'
import { parseNumber } from './schema-flags.ts'

export interface EngineFlags {
  engine: string
  device?: Device
  precision?: Precision
  threads?: number
}

/** Adds `--engine` alone, where the command itself decides the rest. */
export function addEngineFlag(command: Command): Command {
  const names = 'auto, libtorch, tensorflow, tensorflow-gpu, webgpu, wasm or cpu'
  return command.option('--engine <name>', names, 'auto')
}

/** Adds `--engine`, `--device`, `--precision` and `--threads`. */
export function addEngineFlags(command: Command): Command {
  return addEngineFlag(command)
    .option('--device <name>', 'cpu, cuda or mps, for libtorch (default: cpu)')
    .option('--precision <name>', 'float32; on CUDA also tf32 or bf16 (default: float32)')
    .option('--threads <number>', 'threads of libtorch or tensorflow (default: all cores)', (text) =>
      parseNumber('--threads', text),
    )
}

/** Selects the engine that the flags name and prints it, on rank 0 of several processes. */
export async function startEngine(flags: EngineFlags, group?: ProcessGroup): Promise<EngineSelection> {
  const { engine, device, precision } = flags
  const share = process.env.OMP_NUM_THREADS === undefined ? group?.threads : undefined
  const threads = flags.threads ?? share
  if (group !== undefined) chooseGpu(group)
  const selection = await useEngine(engine as EngineSelection['name'] | 'auto', {
    ...(device === undefined ? {} : { device }),
    ...(precision === undefined ? {} : { precision }),
    ...(threads === undefined ? {} : { threads }),
  })
  if (group === undefined || group.rank === 0) console.log(`engine: ${describeEngine(selection)}`)
  return selection
}

/** The ranks of a host see one GPU each, unless the launcher has taken care of that. */
function chooseGpu({ localRank }: ProcessGroup): void {
  const visible = process.env.CUDA_VISIBLE_DEVICES?.split(',')
  if (visible?.length === 1) return
  process.env.CUDA_VISIBLE_DEVICES = visible?.[localRank] ?? String(localRank)
}

/** One line, for terminals and checkpoints. */
export function describeEngine({ name, version, device, precision, threads }: EngineSelection): string {
  const exactness = precision === 'float32' ? '' : `, ${precision}`
  return `${name} ${version}, ${device}${exactness}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}
