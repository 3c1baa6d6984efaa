import type { ByteSource } from './byte-source.ts'
import { refuseFile } from './refuse-file.ts'

/** @throws SimclrError unless `length` bytes from `offset` on lie within the source. */
export function checkWithin(source: Pick<ByteSource, 'name' | 'size'>, offset: number, length: number): void {
  const { name, size } = source
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
  if (whole && offset + length <= size) return
  refuseFile(name, `a file of at least ${offset} + ${length} bytes`, `${size} bytes`)
}
