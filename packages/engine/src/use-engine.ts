/** Chooses the TensorFlow.js backend of this process and makes it ready. */
import { availableParallelism } from 'node:os'
import { checkInteger, nearestWord, SimclrError } from '@simclr/core'
import { ready, setBackend } from '@tensorflow/tfjs-core'
import type { EngineName, EngineSelection } from './engine-selection.ts'
import { findLibtorch } from './find-libtorch.ts'
import { INSTALL_COMMAND } from './install-command.ts'
import { loadPlainJavaScript, PLAIN_JAVASCRIPT } from './load-plain-javascript.ts'
import { registerGradients } from './register-gradients.ts'
import { registerWasm } from './register-wasm.ts'

export interface UseEngineOptions {
  /** Where to compute; default `cpu`. */
  device?: 'cpu'
  /**
   * Threads per operation of libtorch; default `$OMP_NUM_THREADS`, else all of the machine. libtorch takes the
   * number once per process, from the first call; the other engines use one thread.
   */
  threads?: number
  /** Receives one line when `auto` falls back to a slow engine; default: standard error. */
  log?: (line: string) => void
}

/**
 * Selects an engine, waits until it is ready and registers every gradient of TensorFlow.js.
 *
 * `auto` takes libtorch where it is found and loads, and wasm otherwise, which it says in one line.
 * A process can change engines between runs; tensors stay with the engine that made them.
 *
 * @returns the facts of the choice, for checkpoints and reports.
 * @throws SimclrError for an unknown name, or when the named engine cannot be used here.
 * @example
 * const engine = await useEngine('auto')
 * console.log(`${engine.name} ${engine.version}, ${engine.threads} threads`)
 */
export async function useEngine(
  name: EngineName | 'auto',
  options: UseEngineOptions = {},
): Promise<EngineSelection> {
  if (options.threads !== undefined) checkInteger('useEngine: threads', options.threads, 1)
  registerGradients()
  switch (name) {
    case 'auto':
      return useBestEngine(options)
    case 'libtorch':
      return useLibtorch(options)
    case 'wasm':
      return useWasm('asked for')
    case 'cpu':
      return usePlainJavaScript()
    default: {
      const near = nearestWord(String(name), ['auto', 'libtorch', 'wasm', 'cpu'])
      throw new SimclrError({
        parameter: 'useEngine: name',
        expected: 'one of auto, libtorch, wasm, cpu',
        received: `"${String(name)}"`,
        ...(near === undefined ? {} : { remedy: `Did you mean "${near}"?` }),
      })
    }
  }
}

async function useBestEngine(options: UseEngineOptions): Promise<EngineSelection> {
  const { log = (line) => console.error(line) } = options
  try {
    return await useLibtorch(options)
  } catch (error) {
    const obstacle = SimclrError.isInstance(error) ? error.received : messageOf(error)
    log(`engine: wasm, which is slow for training; no libtorch: ${obstacle}. ${INSTALL_COMMAND}`)
    return useWasm(`no libtorch: ${obstacle}`)
  }
}

/** What libtorch was loaded with in this process. */
let libtorchThreads: number | undefined

async function useLibtorch({ device = 'cpu', threads }: UseEngineOptions): Promise<EngineSelection> {
  const { found, obstacles } = await findLibtorch()
  if (found === undefined) {
    throw new SimclrError({
      parameter: 'useEngine: libtorch',
      expected: 'installed',
      received: obstacles.join('; '),
      remedy: INSTALL_COMMAND,
    })
  }
  try {
    const { registerLibtorch } = await import('@simclr/backend-libtorch')
    libtorchThreads ??= threads ?? (Number(process.env.OMP_NUM_THREADS) || availableParallelism())
    registerLibtorch({ library: found.folder, device, threads: libtorchThreads })
    await activate('libtorch')
  } catch (cause) {
    throw new SimclrError({
      parameter: 'useEngine: libtorch',
      expected: `a library that loads in ${found.folder}`,
      received: messageOf(cause),
      remedy: INSTALL_COMMAND,
      cause,
    })
  }
  return {
    name: 'libtorch',
    version: found.version,
    device,
    threads: libtorchThreads,
    reason: `found in ${found.folder} (${found.source})`,
  }
}

async function useWasm(reason: string): Promise<EngineSelection> {
  const version = registerWasm()
  await activate('wasm')
  return { name: 'wasm', version, device: 'cpu', threads: 1, reason }
}

async function usePlainJavaScript(): Promise<EngineSelection> {
  try {
    const version = await loadPlainJavaScript()
    await activate('cpu')
    return { name: 'cpu', version, device: 'cpu', threads: 1, reason: 'asked for' }
  } catch (cause) {
    throw new SimclrError({
      parameter: 'useEngine: cpu',
      expected: 'installed beside @simclr/engine',
      received: messageOf(cause),
      remedy: `Run: npm install ${PLAIN_JAVASCRIPT}`,
      cause,
    })
  }
}

async function activate(backend: EngineName): Promise<void> {
  if (!(await setBackend(backend))) throw new Error(`the TensorFlow.js backend "${backend}" did not start`)
  await ready()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
