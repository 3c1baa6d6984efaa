/** Registers the backend and its kernels with TensorFlow.js. */

import { resolve } from 'node:path'
import {
  findBackend,
  type KernelFunc,
  registerBackend,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type DeviceName, parseDevice } from './device.ts'
import type { AnyKernel } from './kernel.ts'
import { kernelTable, processorKernels } from './kernel-table.ts'
import { BACKEND_NAME, LibtorchBackend } from './libtorch-backend.ts'
import { LibtorchError } from './libtorch-error.ts'
import { loadLibrary } from './load-library.ts'
import { PRECISIONS, type Precision } from './precision.ts'
import { Torch } from './torch.ts'

export interface LibtorchOptions {
  /** The folder that holds `torch/` and, for a CUDA build, `nvidia/`: pip's site-packages or a `pip --target` folder. */
  readonly library: string
  /** Where tensors live and kernels compute: `cpu`, `cuda`, `cuda:1`, `mps`. Default `cpu`. */
  readonly device?: DeviceName
  /** How exactly convolutions compute. Default `float32`; `bf16` on a processor without such instructions is slow. */
  readonly precision?: Precision
  /** Threads of one operation. Read once per process, when libtorch loads. Default: libtorch's own choice. */
  readonly threads?: number
}

/** What the backend of this process was registered with. */
let registered: { folder: string; device: DeviceName; precision: Precision } | undefined

/**
 * Loads libtorch and registers the TensorFlow.js backend `libtorch`. Calling it again with the same library, device and
 * precision does nothing.
 *
 * @throws LibtorchError when the library is missing, too old, damaged or made for another platform, when the device
 *   cannot be used, or when libtorch is registered otherwise already
 * @example
 * registerLibtorch({ library: '/opt/pytorch' })
 * await setBackend('libtorch')
 */
export function registerLibtorch(options: LibtorchOptions): void {
  const { library, device = 'cpu', precision = 'float32', threads } = options
  const folder = resolve(library)
  const parsed = parseDevice(device)
  if (!PRECISIONS.includes(precision)) {
    throw new LibtorchError(`precision must be one of ${PRECISIONS.join(', ')}, got ${precision}.`)
  }
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new LibtorchError(`threads must be a positive integer, got ${threads}.`)
  }
  if (registered !== undefined) {
    checkSame(registered, { folder, device, precision })
    return
  }
  const { abi, queue } = loadLibrary(folder, { device: parsed, precision, threads })
  const torch = new Torch(abi, parsed)
  checkDevice(torch, device)
  registerBackend(BACKEND_NAME, () => new LibtorchBackend(torch, precision, queue), 3)
  const kernels = parsed.kind === 'cpu' ? { ...kernelTable, ...processorKernels } : kernelTable
  for (const [kernelName, run] of Object.entries(kernels)) {
    registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc: kernelFunction(kernelName, run) })
  }
  registered = { folder, device, precision }
}

function checkSame(present: NonNullable<typeof registered>, wanted: NonNullable<typeof registered>): void {
  if (present.folder !== wanted.folder) {
    throw new LibtorchError(
      `libtorch is loaded from ${present.folder} already: one process can use only one.`,
    )
  }
  if (present.device !== wanted.device || present.precision !== wanted.precision) {
    throw new LibtorchError(
      `libtorch computes on ${present.device} in ${present.precision} already: a process cannot change that.`,
    )
  }
}

function checkDevice(torch: Torch, device: DeviceName): void {
  try {
    torch.constant(0)
  } catch (cause) {
    throw new LibtorchError(`The device ${device} cannot be used: ${(cause as Error).message}`, { cause })
  }
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
