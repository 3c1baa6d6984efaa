/** Runs a program of the machine to its end, line by line. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface RunProcessOptions {
  readonly environment: NodeJS.ProcessEnv
  /** Ends the program when aborted. */
  readonly signal: AbortSignal | undefined
  /** Receives each line of output and error output as it comes. */
  readonly onLine?: (line: string) => void
}

export interface ProcessEnd {
  /** Exit code; null for one that a signal ended. */
  readonly code: number | null
  /** Everything it printed. */
  readonly lines: readonly string[]
}

/** @throws the signal's reason when aborted, after the program has ended; Error if it cannot be started. */
export async function runProcess(
  command: string,
  parameters: readonly string[],
  { environment, signal, onLine = () => {} }: RunProcessOptions,
): Promise<ProcessEnd> {
  signal?.throwIfAborted()
  const child = spawn(command, parameters, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const stop = () => child.kill()
  signal?.addEventListener('abort', stop, { once: true })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      onLine(line)
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => signal?.removeEventListener('abort', stop))
  signal?.throwIfAborted()
  return { code, lines }
}
