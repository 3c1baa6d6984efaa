/** The first bytes of a safetensors file that is to be written, and the order of its arrays. */
import { SimclrError } from '@simclr/core'
import { elementCount } from './element-count.ts'
import { SAFETENSORS_PREFIX } from './safetensors-header.ts'
import { storedBytes } from './stored-array.ts'
import type { ArrayInfo } from './weight-file.ts'

export interface SafetensorsLayout {
  /** Length and header, padded so that the data start at a multiple of 8. */
  readonly header: Uint8Array
  /** Wider dtypes first, so that every array is aligned; else as they came. */
  readonly order: readonly string[]
  /** Of the whole file. */
  readonly size: number
}

/** @throws SimclrError if a shape has no sizes, or a name is the reserved `__metadata__`. */
export function safetensorsLayout(
  arrays: ReadonlyMap<string, ArrayInfo>,
  metadata: ReadonlyMap<string, string>,
): SafetensorsLayout {
  const entries = [...arrays].sort(([, a], [, b]) => storedBytes[b.dtype] - storedBytes[a.dtype])
  let end = 0
  const described = entries.map(([name, { dtype, shape }]) => {
    checkInfo(name, shape)
    const begin = end
    end += elementCount(shape) * storedBytes[dtype]
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const
  })
  const about = metadata.size > 0 ? [['__metadata__', Object.fromEntries(metadata)] as const] : []
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...about, ...described])))
  const length = Math.ceil(json.length / 8) * 8
  const header = new Uint8Array(SAFETENSORS_PREFIX + length).fill(0x20, SAFETENSORS_PREFIX)
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true)
  header.set(json, SAFETENSORS_PREFIX)
  return { header, order: entries.map(([name]) => name), size: header.length + end }
}

function checkInfo(name: string, shape: readonly number[]): void {
  const sizes = shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  if (name !== '__metadata__' && sizes) return
  throw new SimclrError({
    parameter: `safetensors: "${name}"`,
    expected: "an array of whole sizes under a name other than '__metadata__'",
    received: `shape [${shape.join(', ')}]`,
  })
}
