/** The memory of a wasm backend. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'

/** What its Emscripten module has, and its type declarations leave to a package that is not installed. */
interface EmscriptenMemory {
  readonly HEAPU8: Uint8Array<ArrayBuffer>
  /** The exports of the WebAssembly instance. */
  readonly asm: { readonly memory: object }
  _malloc(bytes: number): number
  _free(address: number): void
}

/** The memory and its allocator. */
export function memoryOf(backend: BackendWasm): EmscriptenMemory {
  return backend.wasm as unknown as EmscriptenMemory
}

/**
 * A view of a float32 tensor's values. Making a tensor, and {@link withScratch}, may move all memory and leave
 * earlier views empty: take the views afterwards.
 */
export function floats(backend: BackendWasm, { dataId, shape }: TensorInfo): Float32Array<ArrayBuffer> {
  const size = shape.reduce((product, length) => product * length, 1)
  return new Float32Array(memoryOf(backend).HEAPU8.buffer, backend.getMemoryOffset(dataId), size)
}

/** Lends `bytes` of the memory, of arbitrary content, at an address divisible by 8, until `use` returns. */
export function withScratch<Result>(
  backend: BackendWasm,
  bytes: number,
  use: (address: number) => Result,
): Result {
  const { _malloc: allocate, _free: free } = memoryOf(backend)
  const address = allocate(bytes)
  try {
    return use(address >>> 0) // The signed number that comes back is negative above 2 GB.
  } finally {
    free(address)
  }
}
