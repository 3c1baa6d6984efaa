/** The entries of a TensorFlow checkpoint's index (tensorflow/core/protobuf/tensor_bundle.proto). */
import { elementCount } from './element-count.ts'
import { ProtoMessage } from './proto-message.ts'
import { refuseFile } from './refuse-file.ts'
import { type StoredDtype, storedBytes } from './stored-array.ts'

/** Numbers of tensorflow/core/framework/types.proto. */
const DTYPES: ReadonlyMap<number, StoredDtype> = new Map([
  [1, 'F32'],
  [2, 'F64'],
  [3, 'I32'],
  [4, 'U8'],
  [9, 'I64'],
  [10, 'U8'],
  [14, 'BF16'],
  [19, 'F16'],
])

const LITTLE_ENDIAN = 0

/** Where the bytes of an entry lie. */
export interface TensorflowEntry {
  /** undefined where the entry is no array that can be read: strings, resources, variables in slices. */
  readonly stored: StoredDtype | undefined
  readonly shape: readonly number[]
  readonly shard: number
  readonly offset: number
  readonly size: number
  /** Masked CRC-32C of the bytes. */
  readonly crc: number
}

/**
 * Reads the header of an index, which is the value of its empty key.
 *
 * @returns the number of shards.
 * @throws SimclrError if the checkpoint is big-endian or has no header.
 */
export function tensorflowShards(file: string, header: Uint8Array | undefined): number {
  if (header === undefined) refuseFile(file, 'the index of a TensorFlow checkpoint', 'a table without header')
  const message = new ProtoMessage(file, header)
  const endianness = message.number(2)
  if (endianness !== LITTLE_ENDIAN) {
    const remedy = 'Save the checkpoint again on a little-endian machine.'
    refuseFile(file, 'a little-endian checkpoint', `endianness ${endianness}`, { remedy })
  }
  const shards = message.number(1)
  if (shards < 1) refuseFile(file, 'a checkpoint with a shard', `${shards}`)
  return shards
}

/** @throws SimclrError if the entry contradicts itself. */
export function tensorflowEntry(
  file: string,
  name: string,
  bytes: Uint8Array,
  shards: number,
): TensorflowEntry {
  const message = new ProtoMessage(file, bytes)
  const isSliced = message.bytes(7).length > 0
  const stored = isSliced ? undefined : DTYPES.get(message.number(1))
  const dimensions = stored === undefined ? [] : message.messages(2).flatMap((shape) => shape.messages(2))
  const shape = dimensions.map((dimension) => dimension.number(1))
  const [shard, offset, size, crc] = [3, 4, 5, 6].map((field) => message.number(field)) as [
    number,
    number,
    number,
    number,
  ]
  if (shard >= shards) refuseFile(file, `"${name}" in one of ${shards} shards`, `shard ${shard}`)
  if (stored !== undefined) {
    const expected = elementCount(shape) * storedBytes[stored]
    if (size !== expected) refuseFile(file, `"${name}" of ${expected} bytes`, `${size}`)
  }
  return { stored, shape, shard, offset, size, crc }
}
