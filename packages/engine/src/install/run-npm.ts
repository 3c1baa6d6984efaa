/** Runs `npm install` without install scripts. */
import { mkdir } from 'node:fs/promises'
import { SimclrError } from '@simclr/core'
import type { Installable } from './installable.ts'
import { runProcess } from './run-process.ts'

export interface RunNpmOptions {
  /** What is installed, for errors. */
  readonly installable: Installable
  /** Folder that receives `node_modules`. */
  readonly target: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal | undefined
}

/**
 * Installs one package from whatever registry npm is configured for.
 *
 * @throws SimclrError with npm's last lines if it fails; the signal's reason when aborted.
 */
export async function runNpm(specifier: string, options: RunNpmOptions): Promise<void> {
  const { installable, target, environment, signal } = options
  await mkdir(target, { recursive: true })
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']
  const { code, lines } = await runProcess('npm', ['install', '--prefix', target, ...flags, specifier], {
    environment,
    signal,
  }).catch((cause: Error) => {
    signal?.throwIfAborted()
    return { code: 1, lines: [cause.message] }
  })
  if (code === 0) return
  throw new SimclrError({
    parameter: `engine install ${installable.engine}: npm`,
    expected: `able to install ${specifier}`,
    received: `"${lines.slice(-3).join(' / ')}"`,
    remedy: `Install it beside your program and try again: npm install --ignore-scripts ${specifier}.`,
    cause: new Error(lines.join('\n')),
  })
}
