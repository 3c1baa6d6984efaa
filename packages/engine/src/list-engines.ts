/** Which engines there are, which of them work here, and what it takes to get the others. */
import { version_wasm } from '@tensorflow/tfjs-backend-wasm'
import type { EngineName } from './engine-selection.ts'
import { findLibtorch } from './find-libtorch.ts'
import { loadPlainJavaScript, PLAIN_JAVASCRIPT } from './load-plain-javascript.ts'

export interface EngineStatus {
  readonly name: EngineName
  readonly available: boolean
  readonly version: string | undefined
  /** Where it comes from, or why it is not available. */
  readonly detail: string
  /** What makes it available; undefined where it is. */
  readonly command: string | undefined
  /** What it gives, in one clause. */
  readonly speed: string
}

/**
 * The engines in the order in which `auto` prefers them. Loads none of them.
 *
 * @example
 * console.log(formatEngines(await listEngines()))
 */
export async function listEngines(environment: NodeJS.ProcessEnv = process.env): Promise<EngineStatus[]> {
  const { found, obstacles } = await findLibtorch(environment)
  return [
    {
      name: 'libtorch',
      available: found !== undefined,
      version: found?.version,
      detail: found === undefined ? obstacles.join('; ') : `${found.folder} (${found.source})`,
      command: found === undefined ? 'simclr engine install libtorch' : undefined,
      speed: 'native code on all cores: what training needs',
    },
    {
      name: 'wasm',
      available: true,
      version: version_wasm,
      detail: 'comes with @simclr/engine, needs no Python',
      command: undefined,
      speed: 'one core, and a training step takes 4 to 5 times the processor time of libtorch',
    },
    await plainJavaScript(),
  ]
}

async function plainJavaScript(): Promise<EngineStatus> {
  const common = { name: 'cpu', speed: 'plain JavaScript, slowest of all: a reference for tests' } as const
  try {
    const version = await loadPlainJavaScript()
    return {
      ...common,
      available: true,
      version,
      detail: `npm package ${PLAIN_JAVASCRIPT}`,
      command: undefined,
    }
  } catch {
    const detail = `the npm package ${PLAIN_JAVASCRIPT} is not installed`
    const command = `npm install ${PLAIN_JAVASCRIPT}`
    return { ...common, available: false, version: undefined, detail, command }
  }
}
