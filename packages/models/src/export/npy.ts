/** NumPy's array file (numpy.org/doc/stable/reference/generated/numpy.lib.format.html), version 1.0. */
import type { SafetensorsArray, SafetensorsDtype } from '../files/safetensors.ts'

/** Little endian, as every machine that runs JavaScript today. */
const DESCRIPTIONS = {
  F32: '<f4',
  F64: '<f8',
  I32: '<i4',
  I64: '<i8',
  U8: '|u1',
} satisfies Record<SafetensorsDtype, string>

/** `\x93NUMPY`, the version's two bytes; the header's length follows in two more. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
const PREFIX_BYTES = MAGIC.length + 2
/** The values start at a multiple of this. */
const ALIGNMENT = 64

/** @returns The bytes of a `.npy` file, which `numpy.load` reads without pickle. */
export function encodeNpy({ dtype, shape, values }: SafetensorsArray): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '${DESCRIPTIONS[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`
  const start = Math.ceil((PREFIX_BYTES + text.length + 1) / ALIGNMENT) * ALIGNMENT
  const header = `${text.padEnd(start - PREFIX_BYTES - 1)}\n`
  const bytes = new Uint8Array(start + values.byteLength)
  bytes.set(MAGIC)
  new DataView(bytes.buffer).setUint16(MAGIC.length, header.length, true)
  bytes.set(new TextEncoder().encode(header), PREFIX_BYTES)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start)
  return bytes
}
