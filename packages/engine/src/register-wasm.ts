/** The portable engine: TensorFlow.js on WebAssembly, made able to train. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import { registerWasmKernels } from './kernels/wasm/register-wasm-kernels.ts'

/**
 * Registers the `wasm` backend with the kernels that training lacks or needs faster; repeatable.
 *
 * @returns the version of the npm package `@tensorflow/tfjs-backend-wasm`.
 */
export function registerWasm(): string {
  const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
  setWasmPaths(join(dirname(packageFile), 'wasm-out', '/'))
  registerWasmKernels()
  return version_wasm
}
