/** Float32 tensors as pairs of bfloat16 numbers in the bits of int32: half the bytes for a transfer. */
import {
  engine,
  getBackend,
  getKernel,
  type NamedTensorMap,
  pad,
  type Tensor1D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'

/** Kernels of engines that convert without JavaScript. Inputs and outputs are as those of the functions here. */
const PACK = 'PackBfloat16'
const UNPACK = 'UnpackBfloat16'

/**
 * Rounds to the nearest bfloat16, ties to even; the first of a pair is in the lower bits.
 *
 * @param values `[n]` float32.
 * @param length Even, at least n: zeros follow the values.
 * @returns `[length / 2]` int32. The caller disposes it.
 */
export function packBfloat16(values: Tensor1D, length: number): Tensor1D {
  return tidy(() => {
    const padded = pad(values, [[0, length - values.size]]) as Tensor1D
    return run(PACK, padded) ?? tensor1d(new Int32Array(packed(padded.dataSync<'float32'>()).buffer), 'int32')
  })
}

/**
 * The inverse of {@link packBfloat16}, exact.
 *
 * @param words `[n]` int32.
 * @returns `[2n]` float32. The caller disposes it.
 */
export function unpackBfloat16(words: Tensor1D): Tensor1D {
  return tidy(() => run(UNPACK, words) ?? tensor1d(unpacked(words.dataSync<'int32'>())))
}

function run(kernel: string, x: Tensor1D): Tensor1D | undefined {
  if (getKernel(kernel, getBackend()) === undefined) return undefined
  return engine().runKernel<Tensor1D>(kernel, { x } as unknown as NamedTensorMap)
}

const NOT_A_NUMBER = 0x7fc0

function packed(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  return Uint16Array.from(bits, (word, i) =>
    Number.isNaN(values[i]) ? NOT_A_NUMBER : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16,
  )
}

function unpacked(words: Int32Array): Float32Array {
  const halves = new Uint16Array(words.slice().buffer)
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)
}
