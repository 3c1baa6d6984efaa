/** Runs `pip install --target` as the user configured pip, and shortens what it prints. */
import type { Python } from '../python.ts'
import type { Installable } from './installable.ts'
import { pipFailure } from './pip-failure.ts'
import { runProcess } from './run-process.ts'

export interface RunPipOptions {
  /** What is installed, for errors. */
  readonly installable: Installable
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
  const { installable, python, target, temporary, environment, log, signal } = options
  const fixed = ['--target', target, '--only-binary=:all:', '--no-compile', '--no-warn-script-location']
  const { code, lines } = await runProcess(python.command, ['-m', 'pip', 'install', ...fixed, ...packages], {
    environment: {
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
    signal,
    onLine: (line) => {
      const short = shorten(line)
      if (short !== undefined) log(short)
    },
  })
  if (code !== 0) throw pipFailure(lines.join('\n'), installable)
}

/** The part of pip's line worth showing, or undefined for its details. */
function shorten(line: string): string | undefined {
  const file = /^\s*(Downloading|Using cached) (?:\S*\/)?(\S+)( \([^)]*\))/.exec(line)
  if (file) return `  ${file[1]!.toLowerCase()} ${file[2]!}${file[3]!}`
  if (/^Installing collected packages/.test(line)) return '  unpacking'
  if (/^WARNING: Retrying/.test(line)) return '  no answer from the package index, trying again'
  return undefined
}
