/** The flags that choose an engine, the same for every command that computes. */
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

/** Selects the engine that the flags name and prints it. */
export async function startEngine(flags: EngineFlags): Promise<EngineSelection> {
  const { engine, device, precision, threads } = flags
  const selection = await useEngine(engine as EngineSelection['name'] | 'auto', {
    ...(device === undefined ? {} : { device }),
    ...(precision === undefined ? {} : { precision }),
    ...(threads === undefined ? {} : { threads }),
  })
  console.log(`engine: ${describeEngine(selection)}`)
  return selection
}

/** One line, for terminals and checkpoints. */
export function describeEngine({ name, version, device, precision, threads }: EngineSelection): string {
  const exactness = precision === 'float32' ? '' : `, ${precision}`
  return `${name} ${version}, ${device}${exactness}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}
