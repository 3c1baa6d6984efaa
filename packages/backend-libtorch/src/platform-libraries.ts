/** The shared objects of a pip-installed PyTorch, per platform. */

export interface PlatformLibraries {
  /** Files under `torch/lib`, in loading order; the last one exports the C interface. */
  readonly torch: readonly string[]
  /** Files under `torch/lib` that compute on NVIDIA GPUs, in loading order; undefined where there is no such build. */
  readonly cuda: readonly string[] | undefined
  /** Files under `nvidia/<package>/lib` that a CUDA build links even when it computes on the CPU. */
  readonly cudaSupport: readonly RegExp[]
  /** The C library whose `malloc` pairs with libtorch's `delete`. */
  readonly c: string
}

const PLATFORMS: Partial<Record<NodeJS.Platform, PlatformLibraries>> = {
  linux: {
    torch: ['libc10.so', 'libtorch_cpu.so'],
    cuda: ['libc10_cuda.so', 'libtorch_cuda.so'],
    cudaSupport: [/^libcudart\.so/, /^libcupti\.so/],
    c: 'libc.so.6',
  },
  darwin: {
    torch: ['libc10.dylib', 'libtorch_cpu.dylib'],
    cuda: undefined,
    cudaSupport: [],
    c: 'libSystem.B.dylib',
  },
  win32: {
    torch: ['c10.dll', 'torch_cpu.dll'],
    cuda: ['c10_cuda.dll', 'torch_cuda.dll'],
    cudaSupport: [],
    c: 'ucrtbase.dll',
  },
}

/** @returns the file names for a platform (default: this one), or undefined where PyTorch has no build */
export function platformLibraries(
  platform: NodeJS.Platform = process.platform,
): PlatformLibraries | undefined {
  return PLATFORMS[platform]
}
