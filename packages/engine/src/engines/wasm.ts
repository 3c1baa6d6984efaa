/** The engine `wasm`: TensorFlow.js on WebAssembly, the portable one. */
import { version_wasm } from '@tensorflow/tfjs-backend-wasm'
import { env } from '@tensorflow/tfjs-core'
import { registerWasm } from '../register-wasm.ts'
import { activate } from './activate.ts'
import type { Engine, EngineSelection, EngineStatus } from './engine.ts'

export const wasmEngine: Engine = {
  name: 'wasm',
  speed: 'one core, and a training step takes 2 to 4.5 times the processor time of libtorch',
  devices: ['cpu'],
  precisions: ['float32'],
  status,
  use,
}

async function status(): Promise<EngineStatus> {
  registerWasm()
  const simd = (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) as boolean
  const detail = `comes with @simclr/engine and needs no Python; ${simd ? 'with' : 'without'} SIMD`
  return { available: true, version: version_wasm, detail, command: undefined }
}

async function use(): Promise<EngineSelection> {
  const version = registerWasm()
  await activate('wasm')
  return {
    name: 'wasm',
    version,
    device: 'cpu',
    precision: 'float32',
    threads: 1,
    reason: 'it comes with @simclr/engine',
  }
}
