import type { PlainImage } from '../image-augmentation.ts'
import { allocate, memoryBytes, memoryFloats } from './working-memory.ts'

/** Interleaved rows in the working memory. */
export interface LoadedRows {
  readonly address: number
  readonly rowBytes: number
}

/** Copies the rows from `top` to before `bottom` to the working memory as they are. */
export function loadRows({ data, height }: PlainImage, top: number, bottom: number): LoadedRows {
  const rowLength = data.length / height
  const rows = data.subarray(top * rowLength, bottom * rowLength)
  const address = allocate(rows.byteLength)
  if (data instanceof Float32Array) memoryFloats().set(rows, address / 4)
  else memoryBytes().set(rows, address)
  return { address, rowBytes: rowLength * data.BYTES_PER_ELEMENT }
}
