/** Walks the fields of a protocol-buffer message within a file, without reading what the fields hold. */
import { ByteCursor } from './byte-cursor.ts'
import type { ByteSource } from './byte-source.ts'
import { refuseFile } from './refuse-file.ts'

/** A stretch of a file: bytes `begin` up to `end`. */
export interface ByteRange {
  readonly begin: number
  readonly end: number
}

/** One field; its bytes if it is of text, bytes, a message or packed numbers. */
export interface ProtoField extends ByteRange {
  readonly field: number
  /** The value of a varint; undefined for every other type. */
  readonly number: number | undefined
}

/** Tag and length are two varints of at most 10 bytes. */
const LONGEST_HEAD = 20
const WINDOW_BYTES = 4096

/** @throws SimclrError where the bytes are no message. */
export async function* protoFields(
  source: ByteSource,
  { begin, end }: ByteRange,
): AsyncGenerator<ProtoField, void, undefined> {
  let windowBegin = begin
  let window = new Uint8Array(0)
  for (let at = begin; at < end; ) {
    const needed = Math.min(LONGEST_HEAD, end - at)
    if (at + needed > windowBegin + window.length) {
      window = new Uint8Array(await source.read(at, Math.min(WINDOW_BYTES, end - at)))
      windowBegin = at
    }
    const start = at - windowBegin
    const cursor = new ByteCursor(source.name, window.subarray(start, start + needed))
    const tag = cursor.varint()
    const { number, length } = fieldHead(cursor, tag % 8)
    const first = at + cursor.position
    if (first + length > end) {
      refuseFile(source.name, `a field of at most ${end - first} bytes at byte ${first}`, `${length}`)
    }
    at = first + length
    yield { field: Math.floor(tag / 8), number, begin: first, end: at }
  }
}

function fieldHead(cursor: ByteCursor, wireType: number): { number?: number; length: number } {
  switch (wireType) {
    case 0:
      return { number: cursor.varint(), length: 0 }
    case 1:
      return { length: 8 }
    case 2:
      return { length: cursor.varint() }
    case 5:
      return { length: 4 }
    default:
      refuseFile(cursor.file, 'a message of protocol buffers', `wire type ${wireType}`)
  }
}
