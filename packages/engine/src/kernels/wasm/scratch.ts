/** Memory that a kernel needs while it runs. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

/**
 * Lends `bytes` of the backend's memory, of arbitrary content, at an address divisible by 8.
 *
 * @param use must not make tensors after it has taken views of the memory, which may then move.
 */
export function withScratch<Result>(
  { wasm }: BackendWasm,
  bytes: number,
  use: (address: number) => Result,
): Result {
  const address = wasm._malloc(bytes)
  try {
    return use(address >>> 0)
  } finally {
    wasm._free(address)
  }
}
