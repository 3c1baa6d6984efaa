/** Runs the built command line in a process of its own, as a user would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

export interface CliResult {
  /** Exit code; null if a signal ended the process. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** stderr without the line that says that this machine has only the slow engine. */
  readonly complaints: string
}

export interface CliOptions {
  readonly env?: Record<string, string>
  /** Receives the process right after its start, e.g. to kill it later. */
  readonly onStart?: (child: ChildProcess) => void
}

/** What `node` is given to run `simclr ARGUMENTS`. */
export function cliArguments(...args: string[]): string[] {
  return [MAIN, ...args]
}

/** Runs `simclr ARGUMENTS` and waits for its end. */
export function runCli(args: readonly string[], { env = {}, onStart }: CliOptions = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (status) => {
      const complaints = stderr.replace(/^engine: wasm, which is slow.*\n/m, '')
      resolve({ status, stdout, stderr, complaints })
    })
    onStart?.(child)
  })
}
