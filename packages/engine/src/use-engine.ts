/** Chooses the TensorFlow.js backend of this process and makes it ready. */
import { checkInteger, nearestWord, SimclrError } from '@simclr/core'
import type { Engine, EngineName, EngineSelection, UseEngineOptions } from './engines/engine.ts'
import { automaticEngines, engines } from './engines/engines.ts'
import { INSTALL_COMMAND } from './install-command.ts'
import { registerGradients } from './register-gradients.ts'

/**
 * Selects an engine, waits until it is ready and registers every gradient of TensorFlow.js.
 *
 * `auto` takes the fastest that is found, works, and has the device and precision asked for; the portable wasm, the last of
 * them, is slow, which it says in one line. A process can change engines between runs; tensors stay with the engine that
 * made them.
 *
 * @returns the facts of the choice, for checkpoints and reports.
 * @throws SimclrError for an unknown name, device or precision, or when the engine cannot be used here.
 * @example
 * const engine = await useEngine('auto')
 * console.log(`${engine.name} ${engine.version}, ${engine.threads} threads`)
 */
export async function useEngine(
  name: EngineName | 'auto',
  options: UseEngineOptions = {},
): Promise<EngineSelection> {
  checkChoice('useEngine: name', name, ['auto', ...engines.map((engine) => engine.name)])
  if (options.threads !== undefined) checkInteger('useEngine: threads', options.threads, 1)
  registerGradients()
  return name === 'auto'
    ? useBestEngine(options)
    : use(engines.find((engine) => engine.name === name)!, options)
}

async function use(engine: Engine, options: UseEngineOptions): Promise<EngineSelection> {
  const { device = engine.devices[0], precision = engine.precisions[0], threads } = options
  checkChoice(`useEngine: device of ${engine.name}`, device, engine.devices)
  checkChoice(`useEngine: precision of ${engine.name}`, precision, engine.precisions)
  return engine.use({ device, precision, threads })
}

async function useBestEngine(options: UseEngineOptions): Promise<EngineSelection> {
  const { device, precision, log = (line) => console.error(line) } = options
  const devices = new Set(automaticEngines.flatMap((engine) => engine.devices))
  const precisions = new Set(automaticEngines.flatMap((engine) => engine.precisions))
  if (device !== undefined) checkChoice('useEngine: device', device, [...devices])
  if (precision !== undefined) checkChoice('useEngine: precision', precision, [...precisions])
  const portable = automaticEngines.at(-1)
  const candidates = automaticEngines.filter(
    ({ devices, precisions }) =>
      devices.includes(device ?? devices[0]) && precisions.includes(precision ?? precisions[0]),
  )
  const obstacles: string[] = []
  for (const engine of candidates) {
    const { available, detail } = await engine.status(process.env)
    if (!available) {
      obstacles.push(`no ${engine.name}: ${detail}`)
      continue
    }
    const reason = obstacles.join('; ')
    if (engine === portable) {
      log(`engine: ${engine.name}, which is slow for training; ${reason}. ${INSTALL_COMMAND}`)
    }
    try {
      const selection = await use(engine, options)
      return engine === portable ? { ...selection, reason } : selection
    } catch (error) {
      obstacles.push(`no ${engine.name}: ${SimclrError.isInstance(error) ? error.received : String(error)}`)
    }
  }
  throw new SimclrError({
    parameter: 'useEngine: auto',
    expected: `an engine for device ${device ?? 'cpu'} and precision ${precision ?? 'float32'}`,
    received: obstacles.join('; ') || 'none that has them',
    remedy: 'See: simclr engine doctor.',
  })
}

function checkChoice(parameter: string, received: string, choices: readonly string[]): void {
  if (choices.includes(received)) return
  const near = nearestWord(received, choices)
  throw new SimclrError({
    parameter,
    expected: choices.length === 1 ? choices[0]! : `one of ${choices.join(', ')}`,
    received: `"${received}"`,
    ...(near === undefined ? {} : { remedy: `Did you mean "${near}"?` }),
  })
}
