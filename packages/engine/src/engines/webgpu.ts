/** The engine `webgpu`: TensorFlow.js on graphics devices of any make. `auto` never takes it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runProbe } from '../probes/run-probe.ts'
import { registerWebgpu } from '../webgpu/register-webgpu.ts'
import { activate } from './activate.ts'
import type { Engine, EngineSelection, EngineStatus } from './engine.ts'

const PACKAGES = ['webgpu', '@tensorflow/tfjs-backend-webgpu'] as const

export const webgpuEngine: Engine = {
  name: 'webgpu',
  speed: 'GPUs of any make, through WebGPU; reads results only asynchronously',
  devices: ['gpu'],
  precisions: ['float32'],
  status,
  use,
}

async function status(environment: NodeJS.ProcessEnv): Promise<EngineStatus> {
  const version = versionOf(PACKAGES[1])
  const missing = PACKAGES.filter((name) => versionOf(name) === undefined)
  if (missing.length > 0) {
    const detail = `not installed: ${missing.map((name) => `npm package ${name}`).join(', ')}`
    return { available: false, version: undefined, detail, command: `npm install ${missing.join(' ')}` }
  }
  const { found, failure, remedy } = await runProbe('webgpu', { environment })
  return { available: found !== undefined, version, detail: found ?? failure, command: remedy }
}

async function use(): Promise<EngineSelection> {
  const device = await registerWebgpu()
  await activate('webgpu')
  return {
    name: 'webgpu',
    version: versionOf(PACKAGES[1])!,
    device: 'gpu',
    precision: 'float32',
    threads: 1,
    reason: device,
  }
}

function versionOf(name: (typeof PACKAGES)[number]): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve(`${name}/package.json`)
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
  } catch {
    return undefined
  }
}
