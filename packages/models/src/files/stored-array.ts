/** From the bytes in a file to an array: the dtypes that files store, and those that readers give. */
import { widenBfloat16, widenFloat16 } from './half-floats.ts'
import type { SafetensorsArray } from './safetensors.ts'
import type { WeightDtype } from './weight-file.ts'

/** Dtypes that are read; the two of 16 bits become F32. */
export type StoredDtype = WeightDtype | 'F16' | 'BF16'

/** The typed arrays of the dtypes that readers give. */
export const arrayTypes: {
  readonly F32: typeof Float32Array
  readonly F64: typeof Float64Array
  readonly I32: typeof Int32Array
  readonly I64: typeof BigInt64Array
  readonly U8: typeof Uint8Array
} = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
}

/** Bytes of one stored element. */
export const storedBytes: Readonly<Record<StoredDtype, number>> = {
  F32: 4,
  F64: 8,
  I32: 4,
  I64: 8,
  U8: 1,
  F16: 2,
  BF16: 2,
}

/** The dtype that an array of a stored dtype has once read. */
export function readDtype(dtype: StoredDtype): WeightDtype {
  return dtype === 'F16' || dtype === 'BF16' ? 'F32' : dtype
}

/**
 * @param bytes Little endian, exactly as many as dtype and shape say; the result uses their memory where it can.
 */
export function storedArray(
  dtype: StoredDtype,
  shape: readonly number[],
  bytes: Uint8Array,
): SafetensorsArray {
  const size = storedBytes[dtype]
  const isAligned = bytes.byteOffset % size === 0 && bytes.buffer instanceof ArrayBuffer
  const { buffer, byteOffset } = (isAligned ? bytes : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>
  const count = bytes.length / size
  if (dtype === 'F16' || dtype === 'BF16') {
    const widen = dtype === 'F16' ? widenFloat16 : widenBfloat16
    return { dtype: 'F32', shape, values: widen(new Uint16Array(buffer, byteOffset, count)) }
  }
  return { dtype, shape, values: new arrayTypes[dtype](buffer, byteOffset, count) }
}
