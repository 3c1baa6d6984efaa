/** Registers the backend and its kernels with TensorFlow.js. */

import { resolve } from 'node:path'
import {
  findBackend,
  type KernelFunc,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { AnyKernel } from './kernel.ts'
import { kernelTable } from './kernel-table.ts'
import { BACKEND_NAME, LibtorchBackend } from './libtorch-backend.ts'
import { LibtorchError } from './libtorch-error.ts'
import { loadLibrary } from './load-library.ts'
import { Torch } from './torch.ts'

export interface LibtorchOptions {
  /** The folder that holds `torch/` and, for a CUDA build, `nvidia/`: pip's site-packages or a `pip --target` folder. */
  readonly library: string
  /** Where tensors live. Default `cpu`. */
  readonly device?: 'cpu'
  /** Threads of one operation. Read once per process, when libtorch loads. Default: libtorch's own choice. */
  readonly threads?: number
}

let registered: string | undefined

/**
 * Loads libtorch and registers the TensorFlow.js backend `libtorch`. Calling it again with the same library does nothing.
 *
 * @throws LibtorchError when the library is missing, too old, damaged or made for another platform, or when another
 *   one is loaded already
 * @example
 * registerLibtorch({ library: '/opt/pytorch' })
 * await setBackend('libtorch')
 */
export function registerLibtorch({ library, device = 'cpu', threads }: LibtorchOptions): void {
  const folder = resolve(library)
  if (device !== 'cpu') throw new LibtorchError(`device must be cpu, got ${device}.`)
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new LibtorchError(`threads must be a positive integer, got ${threads}.`)
  }
  if (registered === folder) return
  if (registered !== undefined) {
    throw new LibtorchError(`libtorch is loaded from ${registered} already: one process can use only one.`)
  }
  const torch = new Torch(loadLibrary(folder, threads))
  registerBackend(BACKEND_NAME, () => new LibtorchBackend(torch), 3)
  for (const [kernelName, run] of Object.entries(kernelTable)) {
    registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc: kernelFunction(kernelName, run) })
  }
  registered = folder
}

/** Handles that the backend owns, a measure for tests: it is flat when nothing leaks. Zero before the backend exists. */
export function liveHandles(): number {
  const backend = findBackend(BACKEND_NAME)
  return backend instanceof LibtorchBackend ? backend.torch.liveHandles : 0
}

type UntypedKernel = (call: object) => TensorInfo | TensorInfo[]

function kernelFunction(name: string, run: AnyKernel): KernelFunc {
  const untyped = run as UntypedKernel
  return ({ inputs, attrs, backend }) => {
    const { torch } = backend as LibtorchBackend
    try {
      return torch.scope(() => untyped({ inputs, attrs: attrs ?? {}, backend, torch }))
    } catch (cause) {
      if (!(cause instanceof LibtorchError)) throw cause
      const given = Object.entries(inputs).map(([input, tensor]) => `${input} ${describe(tensor)}`)
      throw new LibtorchError(`${name}(${given.join(', ')}): ${(cause as Error).message}`, { cause })
    }
  }
}

function describe(tensor: TensorInfo | undefined): string {
  return tensor === undefined ? 'none' : `${tensor.dtype}[${tensor.shape}]`
}
