import { refuseFile } from './refuse-file.ts'

/** Reads little-endian numbers and text from bytes one after the other; beyond the end is a SimclrError. */
export class ByteCursor {
  position: number = 0
  private readonly view: DataView

  /** @param file Names the bytes in errors. */
  constructor(
    readonly file: string,
    readonly bytes: Uint8Array,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get remaining(): number {
    return this.bytes.length - this.position
  }

  /** The next bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.advance(length)
    return this.bytes.subarray(start, start + length)
  }

  u8(): number {
    return this.view.getUint8(this.advance(1))
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true)
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true)
  }

  i32(): number {
    return this.view.getInt32(this.advance(4), true)
  }

  /** Rounded beyond 2^53, as no length or offset is. */
  u64(): number {
    return Number(this.view.getBigUint64(this.advance(8), true))
  }

  /** Big endian, as pickles have them. */
  f64(): number {
    return this.view.getFloat64(this.advance(8), false)
  }

  /** A base-128 number of at most 64 bits, rounded beyond 2^53. */
  varint(): number {
    let value = 0
    for (let scale = 1; scale < 2 ** 64; scale *= 128) {
      const byte = this.u8()
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
    refuseFile(this.file, 'numbers of at most 64 bits', 'a longer one')
  }

  /** UTF-8; damaged characters become U+FFFD. */
  text(length: number): string {
    return new TextDecoder().decode(this.take(length))
  }

  /** Text up to the next newline, which is left out. */
  line(): string {
    const end = this.bytes.indexOf(10, this.position)
    if (end < 0) refuseFile(this.file, 'a line that ends', 'the end of the file')
    const text = this.text(end - this.position)
    this.position++
    return text
  }

  private advance(length: number): number {
    if (!(length >= 0 && length <= this.remaining)) {
      refuseFile(this.file, `${length} more bytes at byte ${this.position}`, `${this.remaining}`)
    }
    const start = this.position
    this.position += length
    return start
  }
}
