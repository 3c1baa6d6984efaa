import { arrayNamed } from './array-named.ts'
import type { ByteSource } from './byte-source.ts'
import { parseSafetensorsHeader, SAFETENSORS_PREFIX, safetensorsHeaderLength } from './safetensors-header.ts'
import { storedArray } from './stored-array.ts'
import type { WeightFile } from './weight-file.ts'

export interface SafetensorsFile extends WeightFile {
  /** The strings under `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Opens a safetensors file: reads its header now, each array when asked for. F16 and BF16 are read as F32.
 *
 * @throws SimclrError if anything is wrong with header, dtypes, shapes or offsets.
 */
export async function openSafetensors(source: ByteSource): Promise<SafetensorsFile> {
  const { name, size } = source
  const prefix = await source.read(0, Math.min(SAFETENSORS_PREFIX, size))
  const length = safetensorsHeaderLength(name, prefix, size)
  const json = await source.read(SAFETENSORS_PREFIX, length)
  const { entries, metadata } = parseSafetensorsHeader(name, json, size)
  return {
    name,
    arrays: entries,
    metadata,
    async read(wanted) {
      const { stored, shape, begin, end } = arrayNamed(name, entries, wanted)
      return storedArray(stored, shape, await source.read(begin, end - begin))
    },
  }
}
