/** Registers an official TensorFlow engine as the TensorFlow.js backend `tensorflow`. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { findBackendFactory, type KernelBackend, registerBackend } from '@tensorflow/tfjs-core'
import { type TensorflowLocation, tensorflowPackage } from './find-tensorflow.ts'
import { registerTensorflowKernels } from './register-tensorflow-kernels.ts'
import { restoreUtil } from './restore-util.ts'
import type { TensorflowBackend, TensorflowBinding } from './tensorflow-backend.ts'

/** The name under which tfjs-node registers its kernels, of either package. */
export const TENSORFLOW_BACKEND = 'tensorflow'

export interface LoadedTensorflow {
  /** TensorFlow's version, e.g. `2.21.0`. */
  readonly version: string
  readonly usesGpu: boolean
  /** Threads that one operation may use. */
  readonly threads: number
}

let loaded: (LoadedTensorflow & { readonly binding: string }) | undefined

/**
 * Does what `import '@tensorflow/tfjs-node'` does (backend and kernels, without its file handlers), with a native
 * library that may lie elsewhere; adds the kernels of this package. Repeatable; nothing is written anywhere.
 *
 * @param threads per operation; TensorFlow takes it once per process.
 * @throws SimclrError if this process already has another TensorFlow; Error if the library does not load.
 */
export function registerTensorflow(location: TensorflowLocation, threads: number): LoadedTensorflow {
  const { name, binding: path, packageFolder } = location
  if (loaded !== undefined && loaded.binding !== path) {
    throw new SimclrError({
      parameter: `useEngine: ${name}`,
      expected: 'the only TensorFlow of this process',
      received: `${loaded.binding} loaded before ${path}`,
      remedy: 'Use it in a process of its own.',
    })
  }
  if (loaded !== undefined) return loaded
  if (findBackendFactory(TENSORFLOW_BACKEND) != null) {
    throw new SimclrError({
      parameter: `useEngine: ${name}`,
      expected: 'to load TensorFlow itself',
      received: `a backend "${TENSORFLOW_BACKEND}" that is already registered`,
      remedy: `Do not import ${tensorflowPackage(name)} beside it.`,
    })
  }
  restoreUtil()
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1'
  process.env.TF_NUM_INTRAOP_THREADS ??= String(threads)

  const require = createRequire(join(packageFolder, 'package.json'))
  const binding = require(path) as TensorflowBinding
  const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend') as {
    NodeJSKernelBackend: new (
      binding: TensorflowBinding,
      packageName: string,
    ) => TensorflowBackend & KernelBackend
  }
  require('./dist/register_all_kernels')
  const backend = new NodeJSKernelBackend(binding, tensorflowPackage(name))
  registerBackend(TENSORFLOW_BACKEND, () => backend)
  registerTensorflowKernels()
  loaded = {
    binding: path,
    version: binding.TF_Version,
    usesGpu: backend.isUsingGpuDevice,
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS),
  }
  return loaded
}
