/** The shared objects of a pip-installed PyTorch, per platform. */

export interface PlatformLibraries {
  /** Files under `torch/lib`, in loading order; the last one exports the C interface. */
  readonly torch: readonly string[]
  /** Files under `nvidia/<package>/lib` that a CUDA build links even when it computes on the CPU. */
  readonly cudaSupport: readonly RegExp[]
  /** The C library whose `malloc` pairs with libtorch's `delete`. */
  readonly c: string
}

const PLATFORMS: Partial<Record<NodeJS.Platform, PlatformLibraries>> = {
  linux: {
    torch: ['libc10.so', 'libtorch_cpu.so'],
    cudaSupport: [/^libcudart\.so/, /^libcupti\.so/],
    c: 'libc.so.6',
  },
  darwin: { torch: ['libc10.dylib', 'libtorch_cpu.dylib'], cudaSupport: [], c: 'libSystem.B.dylib' },
  win32: { torch: ['c10.dll', 'torch_cpu.dll'], cudaSupport: [], c: 'ucrtbase.dll' },
}

/** @returns the file names for a platform (default: this one), or undefined where PyTorch has no build */
export function platformLibraries(
  platform: NodeJS.Platform = process.platform,
): PlatformLibraries | undefined {
  return PLATFORMS[platform]
}
