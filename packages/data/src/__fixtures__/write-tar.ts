/** Writes tar archives entry by entry, in any of the variants that are found. */

export interface TarEntry {
  /** Up to 100 bytes; longer names go into an entry before, see {@link gnuLongName} and {@link paxHeader}. */
  readonly name: string
  readonly content?: Uint8Array | string
  /** Type flag, default `'0'`, a plain file. */
  readonly type?: string
  /** First part of a long ustar name. */
  readonly prefix?: string
  /** Magic and version, default those of ustar. */
  readonly magic?: string
  /** Writes the size as GNU tar does for 8 GiB and more. */
  readonly binarySize?: boolean
  /** Size that the header states, default that of the content. */
  readonly size?: number
}

/** @param end Blocks of zeros at the end, default 2 as the standard asks for. */
export function writeTar(entries: readonly TarEntry[], end = 2): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? '')
    return [header(entry, content.length), content, Buffer.alloc(-content.length & 511)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(512 * end)])
}

/** The entry before one whose name is longer than 100 bytes (GNU). */
export function gnuLongName(name: string): TarEntry {
  return { name: '././@LongLink', type: 'L', magic: 'ustar  \0', content: `${name}\0` }
}

/** The entry before one to which these values belong (POSIX). */
export function paxHeader(values: Readonly<Record<string, string>>): TarEntry {
  const records = Object.entries(values).map(([key, value]) => {
    const body = ` ${key}=${value}\n`
    const bytes = Buffer.byteLength(body)
    const digits = String(bytes + String(bytes).length).length
    return `${bytes + digits}${body}`
  })
  return { name: 'PaxHeaders/x', type: 'x', content: records.join('') }
}

function header(entry: TarEntry, length: number): Buffer {
  const { name, type = '0', prefix = '', magic = 'ustar\x0000', binarySize = false, size = length } = entry
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  block.write('0000644\0', 100)
  if (binarySize) {
    block[124] = 0x80
    block.writeBigUInt64BE(BigInt(size), 128)
  } else block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write(type, 156)
  block.write(magic, 257)
  block.write(prefix, 345)
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
