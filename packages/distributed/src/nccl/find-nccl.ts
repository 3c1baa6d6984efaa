/** Where NVIDIA's libraries are: in pip's packages beside PyTorch, or where the system's loader looks. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import koffi from 'koffi'

export interface NcclSearch {
  /** The file itself; nothing else is tried then. */
  readonly path?: string | undefined
  /** The folder that holds `torch/` and `nvidia/`: pip's site-packages, or a `pip --target` folder. */
  readonly libraryFolder?: string | undefined
}

const SYSTEM_NAME = 'libnccl.so.2'

/**
 * Finds NCCL's shared library: the named file, else `nvidia/nccl/lib/libnccl.so.2` of the library folder, else what the
 * system's loader knows.
 *
 * @returns a path, or the name under which the loader knows it.
 * @throws SimclrError with what was tried.
 */
export function findNccl({ path, libraryFolder }: NcclSearch = {}): string {
  if (path !== undefined) {
    if (existsSync(path)) return path
    throw missing(`no file ${path}`)
  }
  const packaged = libraryFolder && join(libraryFolder, 'nvidia', 'nccl', 'lib', SYSTEM_NAME)
  if (packaged && existsSync(packaged)) return packaged
  try {
    koffi.load(SYSTEM_NAME)
    return SYSTEM_NAME
  } catch (cause) {
    const tried = packaged ? `no file ${packaged}, and ` : ''
    throw missing(`${tried}no ${SYSTEM_NAME} on the system's loader path`, cause)
  }
}

function missing(received: string, cause?: unknown): SimclrError {
  return new SimclrError({
    parameter: 'NCCL',
    expected: 'installed, as a shared library',
    received,
    remedy:
      'Install it into the folder that holds torch/ (pip install --target FOLDER nvidia-nccl-cu13, or -cu12 for CUDA 12), or name its libnccl.so.2.',
    cause,
  })
}

/**
 * Finds CUDA's runtime, `libcudart`, in the folder that holds `torch/` and `nvidia/`, else by the system's loader.
 *
 * @returns a path, or a name for the loader; undefined where there is none.
 */
export function findCudaRuntime(libraryFolder?: string): string | undefined {
  const nvidia = libraryFolder === undefined ? undefined : join(libraryFolder, 'nvidia')
  if (nvidia !== undefined && existsSync(nvidia)) {
    for (const name of readdirSync(nvidia)) {
      const lib = join(nvidia, name, 'lib')
      const file = existsSync(lib) && readdirSync(lib).find((entry) => /^libcudart\.so/.test(entry))
      if (file) return join(lib, file)
    }
  }
  return ['libcudart.so.13', 'libcudart.so.12', 'libcudart.so'].find((name) => {
    try {
      return koffi.load(name)
    } catch {
      return false
    }
  })
}
