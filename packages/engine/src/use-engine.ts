/** Chooses the TensorFlow.js backend of this process and makes it ready. */
import { checkInteger, nearestWord, SimclrError } from '@simclr/core'
import type { EngineName, EngineSelection, UseEngineOptions } from './engines/engine.ts'
import { automaticEngines, engines } from './engines/engines.ts'
import { INSTALL_COMMAND } from './install-command.ts'
import { registerGradients } from './register-gradients.ts'

/**
 * Selects an engine, waits until it is ready and registers every gradient of TensorFlow.js.
 *
 * `auto` takes the fastest that is found and works: libtorch, then the portable wasm, which it says in one line.
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
  if (name === 'auto') return useBestEngine(options)
  const engine = engines.find((candidate) => candidate.name === name)
  if (engine !== undefined) return engine.use(options)
  const names = ['auto', ...engines.map((candidate) => candidate.name)]
  const near = nearestWord(String(name), names)
  throw new SimclrError({
    parameter: 'useEngine: name',
    expected: `one of ${names.join(', ')}`,
    received: `"${String(name)}"`,
    ...(near === undefined ? {} : { remedy: `Did you mean "${near}"?` }),
  })
}

async function useBestEngine(options: UseEngineOptions): Promise<EngineSelection> {
  const { log = (line) => console.error(line) } = options
  const portable = automaticEngines.at(-1)!
  const obstacles: string[] = []
  for (const engine of automaticEngines.slice(0, -1)) {
    const { available, detail } = await engine.status(process.env)
    if (!available) {
      obstacles.push(`no ${engine.name}: ${detail}`)
      continue
    }
    try {
      return await engine.use(options)
    } catch (error) {
      obstacles.push(`no ${engine.name}: ${SimclrError.isInstance(error) ? error.received : String(error)}`)
    }
  }
  log(`engine: ${portable.name}, which is slow for training; ${obstacles.join('; ')}. ${INSTALL_COMMAND}`)
  return { ...(await portable.use(options)), reason: obstacles.join('; ') }
}
