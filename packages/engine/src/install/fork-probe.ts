/** Runs a small program of this package in a process of its own: a library that crashes takes only that process. */
import { fork } from 'node:child_process'

/** In the sources, tsx runs the program; in the build it is JavaScript. */
const isSource = import.meta.url.endsWith('.ts')

/**
 * @param name the program's file beside this one, without its ending; it prints what is wrong on standard error.
 * @returns what it printed, or how it ended, if it did not end well; undefined if it did.
 * @throws the signal's reason when aborted.
 */
export async function forkProbe(
  name: string,
  parameters: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  signal?.throwIfAborted()
  const child = fork(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, import.meta.url), parameters, {
    execArgv: isSource ? ['--import', 'tsx', '--conditions=@simclr/source'] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const stop = () => child.kill()
  signal?.addEventListener('abort', stop, { once: true })
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const end = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, killer) => resolve(killer ?? String(code)))
  }).finally(() => signal?.removeEventListener('abort', stop))
  signal?.throwIfAborted()
  return end === '0' ? undefined : output.trim() || `a process that ended with ${end}`
}
