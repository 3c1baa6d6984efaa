import { arrayNamed } from './array-named.ts'
import { ByteCursor } from './byte-cursor.ts'
import type { ByteSource } from './byte-source.ts'
import { crc32c, maskedCrc32c } from './crc32c.ts'
import { readLeveldbTable } from './leveldb-table.ts'
import { refuseFile } from './refuse-file.ts'
import { readDtype, type StoredDtype, storedArray } from './stored-array.ts'
import { type TensorflowEntry, tensorflowEntry, tensorflowShards } from './tensorflow-entry.ts'
import type { ArrayInfo, WeightFile } from './weight-file.ts'

/** Keys of the slices of partitioned variables begin so (tensorflow/core/util/saved_tensor_slice_util.cc). */
const SLICE = '\0'
const OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH'

export interface TensorflowCheckpoint extends WeightFile {
  /** The entries that are no arrays to read: strings, resources, other dtypes, variables in slices. */
  readonly others: readonly string[]
  /**
   * The TrackableObjectGraph of an object-based checkpoint, for `objectGraphNames`.
   *
   * @returns undefined where the checkpoint goes by names.
   * @throws SimclrError if its bytes are damaged.
   */
  readObjectGraph(): Promise<Uint8Array | undefined>
}

/**
 * Opens a TensorFlow V2 checkpoint: reads its index now, each array when asked for. half and bfloat16 are read as F32,
 * bool as U8.
 *
 * @param index The `.index` file.
 * @param shards Gives `.data-(i)-of-(n)`; asked once per shard, when one of its arrays is read.
 * @throws SimclrError if the index is damaged or big-endian.
 */
export async function openTensorflowCheckpoint(
  index: ByteSource,
  shards: (i: number, n: number) => ByteSource | Promise<ByteSource>,
): Promise<TensorflowCheckpoint> {
  const { name } = index
  const table = await readLeveldbTable(index)
  const shardCount = tensorflowShards(name, table.get(''))
  table.delete('')
  const entries = new Map(
    [...table]
      .filter(([key]) => !key.startsWith(SLICE))
      .map(([key, bytes]) => [key, tensorflowEntry(name, key, bytes, shardCount)]),
  )
  const arrays = new Map<string, TensorflowEntry & ArrayInfo & { readonly stored: StoredDtype }>()
  const others: string[] = []
  for (const [key, entry] of entries) {
    const { stored } = entry
    if (stored === undefined) others.push(key)
    else arrays.set(key, { ...entry, stored, dtype: readDtype(stored) })
  }
  const opened = new Map<number, Promise<ByteSource>>()
  const read = async ({ shard, offset, size }: TensorflowEntry): Promise<Uint8Array> => {
    const source = opened.get(shard) ?? Promise.resolve(shards(shard, shardCount))
    opened.set(shard, source)
    return (await source).read(offset, size)
  }

  return {
    name,
    arrays,
    others,
    async read(wanted) {
      if (others.includes(wanted)) {
        refuseFile(name, `"${wanted}" that is numbers in one piece`, 'strings, a resource or slices', {
          remedy: 'Save the checkpoint without partitioned variables.',
        })
      }
      const entry = arrayNamed(name, arrays, wanted)
      const bytes = await read(entry)
      checkCrc(name, wanted, maskedCrc32c(bytes), entry)
      return storedArray(entry.stored, entry.shape, bytes)
    },
    async readObjectGraph() {
      const entry = entries.get(OBJECT_GRAPH)
      if (entry === undefined) return undefined
      const { text, crc } = readString(name, await read(entry))
      checkCrc(name, OBJECT_GRAPH, crc, entry)
      return text
    },
  }
}

/** A scalar of strings: its length as a varint, the length's masked CRC, its bytes. The CRC covers a 4-byte length. */
function readString(file: string, bytes: Uint8Array): { text: Uint8Array; crc: number } {
  const cursor = new ByteCursor(file, bytes)
  const size = cursor.varint()
  const lengthCrc = cursor.take(4)
  const text = cursor.take(size)
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, size, true)
  return { text, crc: maskedCrc32c(text, crc32c(lengthCrc, crc32c(length))) }
}

function checkCrc(file: string, name: string, crc: number, entry: TensorflowEntry): void {
  if (crc !== entry.crc) refuseFile(file, `"${name}" with bytes that fit its CRC`, 'other bytes')
}
