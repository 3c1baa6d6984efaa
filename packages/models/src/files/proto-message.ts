/** Reads protocol buffers (protobuf.dev/programming-guides/encoding): as much as TensorFlow's checkpoints need. */
import { ByteCursor } from './byte-cursor.ts'
import { refuseFile } from './refuse-file.ts'

const decoder = new TextDecoder()

/** The fields of one message by their numbers. */
export class ProtoMessage {
  private readonly fields = new Map<number, (number | Uint8Array)[]>()

  /** @throws SimclrError if the bytes are no message. */
  constructor(
    readonly file: string,
    bytes: Uint8Array,
  ) {
    const cursor = new ByteCursor(file, bytes)
    while (cursor.remaining > 0) {
      const tag = cursor.varint()
      const field = Math.floor(tag / 8)
      const values = this.fields.get(field) ?? []
      values.push(readValue(cursor, tag % 8))
      this.fields.set(field, values)
    }
  }

  /** A field that is a number and not negative; its last value, 0 where it is missing. */
  number(field: number): number {
    const value = this.fields.get(field)?.at(-1) ?? 0
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    refuseFile(this.file, `field ${field} that is a number up to 2^53`, typeof value)
  }

  /** Every value of a field of bytes. */
  bytes(field: number): readonly Uint8Array[] {
    return (this.fields.get(field) ?? []).map((value) => {
      if (typeof value === 'number') refuseFile(this.file, `field ${field} that is bytes`, `${value}`)
      return value
    })
  }

  /** Every value of a field of messages. */
  messages(field: number): ProtoMessage[] {
    return this.bytes(field).map((bytes) => new ProtoMessage(this.file, bytes))
  }

  /** The last value of a field of text; empty where it is missing. */
  text(field: number): string {
    return decoder.decode(this.bytes(field).at(-1))
  }
}

function readValue(cursor: ByteCursor, wireType: number): number | Uint8Array {
  switch (wireType) {
    case 0:
      return cursor.varint()
    case 1:
      return cursor.take(8)
    case 2:
      return cursor.take(cursor.varint())
    case 5:
      return cursor.u32()
    default:
      refuseFile(cursor.file, 'a message of protocol buffers', `wire type ${wireType}`)
  }
}
