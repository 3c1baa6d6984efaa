/** Loads libtorch into this thread. */
import koffi from 'koffi'
import { inspectLibtorch } from './inspect-libtorch.ts'
import { LibtorchError } from './libtorch-error.ts'
import { bindStableAbi, type StableAbi } from './stable-abi.ts'
import { tuneAllocator } from './tune-allocator.ts'

/**
 * @param folder the folder that holds `torch/` (and `nvidia/` for a CUDA build)
 * @param threads number of threads for one operation; libtorch reads it once per process. Default: its own choice
 * @throws LibtorchError when the installation is missing, too old, damaged, or made for another platform
 */
export function loadLibrary(folder: string, threads: number | undefined): StableAbi {
  const { libraries, problems } = inspectLibtorch(folder)
  if (problems.length > 0) throw new LibtorchError(`Cannot use libtorch: ${problems.join(' ')}`)
  if (threads !== undefined) process.env.OMP_NUM_THREADS = String(threads)
  tuneAllocator()
  try {
    const handles = libraries.map((path) => koffi.load(path, { global: true }))
    const abi = bindStableAbi(handles.at(-1)!)
    abi.setGradMode(false)
    return abi
  } catch (cause) {
    if (cause instanceof LibtorchError) throw cause
    throw new LibtorchError(`Cannot load libtorch from ${folder}: ${(cause as Error).message}`, { cause })
  }
}
