/** The flags that choose an engine, the same for every command that computes. */
import { type EngineSelection, useEngine } from '@simclr/engine'
import type { Command } from 'commander'
import { parseNumber } from './schema-flags.ts'

export interface EngineFlags {
  engine: string
  threads?: number
}

/** Adds `--engine` and `--threads`. */
export function addEngineFlags(command: Command): Command {
  return command
    .option('--engine <name>', 'auto, libtorch, wasm or cpu', 'auto')
    .option('--threads <number>', 'threads of libtorch (default: all cores)', (text) =>
      parseNumber('--threads', text),
    )
}

/** Selects the engine that the flags name and prints it. */
export async function startEngine({ engine, threads }: EngineFlags): Promise<string> {
  const selection = await useEngine(engine as EngineSelection['name'] | 'auto', {
    ...(threads === undefined ? {} : { threads }),
  })
  const text = describeEngine(selection)
  console.log(`engine: ${text}`)
  return text
}

function describeEngine({ name, version, device, threads }: EngineSelection): string {
  return `${name} ${version}, ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}
