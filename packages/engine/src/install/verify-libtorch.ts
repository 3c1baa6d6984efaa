/** Proves in a child process that a libtorch loads and computes: a library that crashes takes only that process. */
import { fork } from 'node:child_process'
import { SimclrError } from '@simclr/core'

/** The program of the child lies beside this file, in the build and in the sources, where tsx runs it. */
const [PROGRAM, NODE_OPTIONS]: [string, string[]] = import.meta.url.endsWith('.ts')
  ? ['./probe-libtorch.ts', ['--import', 'tsx', '--conditions=@simclr/source']]
  : ['./probe-libtorch.js', []]

/**
 * @param folder a site-packages style folder that holds torch.
 * @throws SimclrError if the library does not load or computes a wrong value.
 */
export async function verifyLibtorch(folder: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const child = fork(new URL(PROGRAM, import.meta.url), [folder], {
    execArgv: NODE_OPTIONS,
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
  if (end === '0') return
  throw new SimclrError({
    parameter: `libtorch in ${folder}`,
    expected: 'able to load and compute on this machine',
    received: output.trim() || `a process that ended with ${end}`,
    remedy:
      'Try another: simclr engine install libtorch --force --torch-version NUMBER. Or use --engine wasm.',
  })
}
