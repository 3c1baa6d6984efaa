/** The engine `cpu`: TensorFlow.js's plain JavaScript backend, present only where somebody installed it. */
import { SimclrError } from '@simclr/core'
import { activate } from './activate.ts'
import type { Engine, EngineSelection, EngineStatus } from './engine.ts'

/** The npm package; not a dependency of this one. */
const PACKAGE: string = '@tensorflow/tfjs-backend-cpu'
const COMMAND = `npm install ${PACKAGE}`

export const plainJavaScriptEngine: Engine = {
  name: 'cpu',
  speed: 'plain JavaScript, slowest of all: a reference for tests',
  devices: ['cpu'],
  precisions: ['float32'],
  status,
  use,
}

async function status(): Promise<EngineStatus> {
  try {
    const detail = `npm package ${PACKAGE}`
    return { available: true, version: await load(), detail, command: undefined }
  } catch {
    const detail = `the npm package ${PACKAGE} is not installed`
    return { available: false, version: undefined, detail, command: COMMAND }
  }
}

async function use(): Promise<EngineSelection> {
  try {
    const version = await load()
    await activate('cpu')
    return {
      name: 'cpu',
      version,
      device: 'cpu',
      precision: 'float32',
      threads: 1,
      reason: `npm package ${PACKAGE}`,
    }
  } catch (cause) {
    throw new SimclrError({
      parameter: 'useEngine: cpu',
      expected: 'installed beside @simclr/engine',
      received: (cause as Error).message,
      remedy: `Run: ${COMMAND}`,
      cause,
    })
  }
}

/** Importing it registers the backend. */
async function load(): Promise<string> {
  const { version_cpu } = (await import(PACKAGE)) as { version_cpu: string }
  return version_cpu
}
