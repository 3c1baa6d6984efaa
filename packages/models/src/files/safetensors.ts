/** The safetensors file format (github.com/huggingface/safetensors): named arrays behind one JSON header. */
import { SimclrError } from '@simclr/core'
import { elementCount } from './element-count.ts'
import { parseSafetensorsHeader, SAFETENSORS_PREFIX, safetensorsHeaderLength } from './safetensors-header.ts'
import { safetensorsLayout } from './safetensors-layout.ts'
import { arrayTypes, storedArray } from './stored-array.ts'

/** The dtypes of arrays in memory, by their safetensors names. */
export type SafetensorsDtype = 'F32' | 'F64' | 'I32' | 'I64' | 'U8'

/** A dense array, row-major; `values` is of the type that `dtype` names. */
export interface SafetensorsArray {
  readonly dtype: SafetensorsDtype
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array
}

export interface SafetensorsOptions {
  /** Strings that the file carries under `__metadata__`. Default none. */
  readonly metadata?: ReadonlyMap<string, string>
}

/**
 * Writes arrays as the bytes of a safetensors file (little endian, as every machine that runs JavaScript today).
 * Wider dtypes come first, so that every array is aligned; the order is otherwise that of the map.
 *
 * @throws SimclrError if values do not fit their dtype and shape, or a name is the reserved `__metadata__`.
 */
export function encodeSafetensors(
  arrays: ReadonlyMap<string, SafetensorsArray>,
  { metadata = new Map() }: SafetensorsOptions = {},
): Uint8Array {
  const { header, order, size } = safetensorsLayout(arrays, metadata)
  const bytes = new Uint8Array(size)
  bytes.set(header)
  let position = header.length
  for (const name of order) {
    const values = safetensorsBytes(name, arrays.get(name)!)
    bytes.set(values, position)
    position += values.length
  }
  return bytes
}

/**
 * Reads the bytes of a safetensors file. Arrays are copies, F16 and BF16 widened to F32; `openSafetensors` gives the
 * metadata.
 *
 * @returns The arrays in the order of the header.
 * @throws SimclrError if anything is wrong with header, dtypes, shapes or offsets, which must cover the data
 *   without gap or overlap.
 */
export function decodeSafetensors(bytes: Uint8Array): Map<string, SafetensorsArray> {
  const file = 'decodeSafetensors: bytes'
  const length = safetensorsHeaderLength(file, bytes.subarray(0, SAFETENSORS_PREFIX), bytes.length)
  const json = bytes.subarray(SAFETENSORS_PREFIX, SAFETENSORS_PREFIX + length)
  const { entries } = parseSafetensorsHeader(file, json, bytes.length)
  return new Map(
    [...entries].map(([name, { stored, shape, begin, end }]) => [
      name,
      storedArray(stored, shape, new Uint8Array(bytes.subarray(begin, end))),
    ]),
  )
}

/**
 * The bytes of an array in its own memory.
 *
 * @throws SimclrError if values do not fit their dtype and shape.
 */
export function safetensorsBytes(name: string, { dtype, shape, values }: SafetensorsArray): Uint8Array {
  if (!(values instanceof arrayTypes[dtype]) || elementCount(shape) !== values.length) {
    throw new SimclrError({
      parameter: `encodeSafetensors: "${name}"`,
      expected: 'an array whose values fit its dtype and shape',
      received: `${dtype} [${shape.join(', ')}] with ${values.length} values in ${values.constructor.name}`,
    })
  }
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
