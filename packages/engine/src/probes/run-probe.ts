/** Tries an engine in a process of its own: a library or driver that crashes takes only that process. */
import { fork } from 'node:child_process'
import type { ProbeResult } from './answer-probe.ts'

export interface RunProbeOptions {
  /** Command line arguments of the probe. */
  parameters?: readonly string[]
  /** Default `process.env`. */
  environment?: NodeJS.ProcessEnv
  /** Ends the probe. */
  signal?: AbortSignal | undefined
}

/** In the sources, tsx runs the probe; in the build it is JavaScript. */
const isSource = import.meta.url.endsWith('.ts')

/**
 * @param name the program `probe-NAME` beside this one.
 * @returns what it found, or what it said or printed last, or how it ended; a probe that takes two minutes is ended.
 * @throws the signal's reason when aborted.
 */
export async function runProbe(
  name: 'libtorch' | 'tensorflow' | 'webgpu',
  { parameters = [], environment = process.env, signal }: RunProbeOptions = {},
): Promise<ProbeResult> {
  const child = fork(new URL(`./probe-${name}.${isSource ? 'ts' : 'js'}`, import.meta.url), parameters, {
    execArgv: isSource ? ['--import', 'tsx', '--conditions=@simclr/source'] : [],
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: 120_000,
    ...(signal === undefined ? {} : { signal }),
  })
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const result = await new Promise<ProbeResult>((resolve) => {
    child.once('message', (answer) => resolve(answer as ProbeResult))
    child.once('error', ({ message }) => resolve({ failure: message }))
    child.once('close', (code, killer) =>
      resolve({ failure: output.trim() || `a process that ended with ${killer ?? code}` }),
    )
  })
  signal?.throwIfAborted()
  return result
}
