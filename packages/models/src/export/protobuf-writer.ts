/** Writes the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding): what ONNX files are made of. */
import { SimclrError } from '@simclr/core'

const VARINT = 0
const LENGTH_DELIMITED = 2
const FIXED_32 = 5
/** The format's own limit for a message. */
const MAXIMUM_BYTES = 2 ** 31 - 1

/** One message. Fields come in the order of the calls; nothing large is copied before {@link toBytes}. */
export class ProtobufWriter {
  private readonly chunks: Uint8Array[] = []
  private byteLength = 0

  /** An int64, int32 or enum: a whole number of either sign. */
  integer(field: number, value: number | bigint): this {
    this.append(varint((field << 3) | VARINT), varint(value))
    return this
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.append(varint((field << 3) | FIXED_32), bytes)
    return this
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value))
  }

  /** @param value Kept, not copied. */
  bytes(field: number, value: Uint8Array): this {
    this.append(varint((field << 3) | LENGTH_DELIMITED), varint(value.length), value)
    return this
  }

  message(field: number, value: ProtobufWriter): this {
    this.append(varint((field << 3) | LENGTH_DELIMITED), varint(value.byteLength), ...value.chunks)
    return this
  }

  /** @throws SimclrError if the message is longer than the format allows, 2 GB. */
  toBytes(): Uint8Array {
    if (this.byteLength > MAXIMUM_BYTES) {
      throw new SimclrError({
        parameter: 'ProtobufWriter: message',
        expected: `at most ${MAXIMUM_BYTES} bytes, the limit of Protocol Buffers and so of an ONNX file`,
        received: `${this.byteLength}`,
        remedy: 'Save the weights as safetensors, which has no limit.',
      })
    }
    const bytes = new Uint8Array(this.byteLength)
    let position = 0
    for (const chunk of this.chunks) {
      bytes.set(chunk, position)
      position += chunk.length
    }
    return bytes
  }

  private append(...chunks: Uint8Array[]): void {
    for (const chunk of chunks) {
      this.chunks.push(chunk)
      this.byteLength += chunk.length
    }
  }
}

/** Seven bits a byte, least significant first; negative numbers as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    const more = rest > 0x7fn
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Uint8Array.from(bytes)
}
