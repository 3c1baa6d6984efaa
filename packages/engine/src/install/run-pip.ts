/** Runs `pip install --target` as the user configured pip, and shortens what it prints. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Python } from '../python.ts'
import { pipFailure } from './pip-failure.ts'

export interface RunPipOptions {
  readonly python: Python
  /** Folder that receives the packages. */
  readonly target: string
  /** Folder for pip's temporary files: on the disk of `target`, and removed by the caller. */
  readonly temporary: string
  readonly environment: NodeJS.ProcessEnv
  readonly log: (line: string) => void
  readonly signal: AbortSignal | undefined
}

/**
 * Installs requirements from whatever index pip is configured for; wheels only, nothing is compiled.
 *
 * @param packages requirement specifiers and pip options.
 * @throws SimclrError with a diagnosis when pip fails; the signal's reason when aborted, after pip has ended.
 */
export async function runPip(packages: readonly string[], options: RunPipOptions): Promise<void> {
  const { python, target, temporary, environment, log, signal } = options
  signal?.throwIfAborted()
  const fixed = ['--target', target, '--only-binary=:all:', '--no-compile', '--no-warn-script-location']
  const pip = spawn(python.command, ['-m', 'pip', 'install', ...fixed, ...packages], {
    env: {
      ...environment,
      // A configured user install or required virtual environment contradicts --target.
      PIP_USER: '0',
      PIP_REQUIRE_VIRTUALENV: '0',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_INPUT: '1',
      PIP_ROOT_USER_ACTION: 'ignore',
      PYTHONUNBUFFERED: '1',
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const stop = () => pip.kill()
  signal?.addEventListener('abort', stop, { once: true })
  const lines: string[] = []
  for (const stream of [pip.stdout, pip.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      const short = shorten(line)
      if (short !== undefined) log(short)
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    pip.once('error', reject)
    pip.once('close', resolve)
  }).finally(() => signal?.removeEventListener('abort', stop))
  signal?.throwIfAborted()
  if (code !== 0) throw pipFailure(lines.join('\n'))
}

/** The part of pip's line worth showing, or undefined for its details. */
function shorten(line: string): string | undefined {
  const file = /^\s*(Downloading|Using cached) (?:\S*\/)?(\S+)( \([^)]*\))/.exec(line)
  if (file) return `  ${file[1]!.toLowerCase()} ${file[2]!}${file[3]!}`
  if (/^Installing collected packages/.test(line)) return '  unpacking'
  if (/^WARNING: Retrying/.test(line)) return '  no answer from the package index, trying again'
  return undefined
}
