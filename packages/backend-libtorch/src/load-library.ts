/** Loads libtorch into this thread. */
import { basename } from 'node:path'
import koffi from 'koffi'
import { type CudaQueue, cudaQueue } from './cuda-events.ts'
import { configureCuda } from './cuda-settings.ts'
import type { Device } from './device.ts'
import { inspectLibtorch } from './inspect-libtorch.ts'
import { LibtorchError } from './libtorch-error.ts'
import type { Precision } from './precision.ts'
import { bindStableAbi, type StableAbi } from './stable-abi.ts'
import { tuneAllocator } from './tune-allocator.ts'

export interface LoadOptions {
  readonly device: Device
  readonly precision: Precision
  /** Number of threads for one operation; libtorch reads it once per process. Default: its own choice. */
  readonly threads: number | undefined
}

export interface LoadedLibrary {
  readonly abi: StableAbi
  /** For a device that computes while the caller goes on. */
  readonly queue: CudaQueue | undefined
}

/**
 * @param folder the folder that holds `torch/` (and `nvidia/` for a CUDA build)
 * @throws LibtorchError when the installation is missing, too old, damaged, or made for another platform or device
 */
export function loadLibrary(folder: string, { device, precision, threads }: LoadOptions): LoadedLibrary {
  const { libraries, problems } = inspectLibtorch(folder, device.kind)
  if (problems.length > 0) throw new LibtorchError(`Cannot use libtorch: ${problems.join(' ')}`)
  if (threads !== undefined) process.env.OMP_NUM_THREADS = String(threads)
  tuneAllocator()
  try {
    const loaded = libraries.map((path) => ({ path, library: koffi.load(path, { global: true }) }))
    const named = (name: string) => loaded.find(({ path }) => basename(path).includes(name))!.library
    const abi = bindStableAbi(named('torch_cpu'))
    abi.setGradMode(false)
    if (device.kind !== 'cuda') return { abi, queue: undefined }
    configureCuda(named('torch_cpu'), precision)
    return { abi, queue: cudaQueue(named('torch_cuda'), named('cudart'), device.index) }
  } catch (cause) {
    if (cause instanceof LibtorchError) throw cause
    throw new LibtorchError(`Cannot load libtorch from ${folder}: ${(cause as Error).message}`, { cause })
  }
}
