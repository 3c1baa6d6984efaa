/**
 * Thousands of damaged copies of each kind of file: every one reads or is refused within a second, and none asks for
 * more memory than twice the file. The fixtures `pytorch.pt` and `tensorflow.index` were written by PyTorch 2.15 and
 * TensorFlow 2.21; `small-files.test.ts` has the lines of Python.
 */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { RandomKey, SimclrError } from '@simclr/core'
import { describe, expect, test } from 'vitest'
import { encodeOnnx } from '../export/onnx.ts'
import { ProtobufWriter } from '../export/protobuf-writer.ts'
import { ByteCursor } from '../files/byte-cursor.ts'
import type { ByteSource } from '../files/byte-source.ts'
import { bytesSource } from '../files/bytes-source.ts'
import { maskedCrc32c } from '../files/crc32c.ts'
import { openOnnx } from '../files/open-onnx.ts'
import { openPytorchZip } from '../files/open-pytorch-zip.ts'
import { openSafetensors } from '../files/open-safetensors.ts'
import { openTensorflowCheckpoint } from '../files/open-tensorflow-checkpoint.ts'
import type { ByteRange } from '../files/proto-fields.ts'
import { encodeSafetensors } from '../files/safetensors.ts'
import type { WeightFile } from '../files/weight-file.ts'
import { zipDataOffset, zipEntries } from '../files/zip-entries.ts'
import { ResNet } from '../resnet.ts'

const MEBIBYTE = 2 ** 20
const LARGE = 16 * MEBIBYTE
/** What the million values that a pickle may have take on the heap. */
const MOST_OBJECTS = 128 * MEBIBYTE
/** Memoize as 0, recall 0, make a tuple of the two. */
const TWICE = [0x71, 0, 0x68, 0, 0x86]
const collectGarbage: () => void = exposedGc()
const COPIES = 5000
const LONGEST_MILLISECONDS = 1000

/** Heads of fields, of local zip headers: read again and again, one at a time. */
const WINDOWS = MEBIBYTE

type Open = (source: ByteSource) => Promise<WeightFile>

const pytorch = fixture('pytorch.pt')
const index = fixture('tensorflow.index')
const shard = bytesSource('data', fixture('tensorflow.data-00000-of-00001'))
const openIndex: Open = (source) => openTensorflowCheckpoint(source, () => shard)
const safetensors = encodeSafetensors(
  new Map([
    ['a', { dtype: 'F32' as const, shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['b', { dtype: 'I64' as const, shape: [1], values: BigInt64Array.of(-3n) }],
  ]),
)
const encoder = new ResNet({ depth: 18, stem: 'cifar', width: 1 / 64 })
const onnx = await encodeOnnx(encoder)
encoder.dispose()
const withoutCrc = fixture('pytorch-without-crc.pt')
const pickle = await entryRange(withoutCrc, 'pytorch-without-crc/data.pkl')
const metaBlock = new ByteCursor('footer', index.subarray(-48)).varint()

describe(`${COPIES} damaged copies`, () => {
  test.each<[string, Uint8Array, Open, ((bytes: Uint8Array, key: RandomKey) => Uint8Array)?]>([
    ['safetensors', safetensors, openSafetensors],
    ['safetensors, in the header', safetensors, openSafetensors, (b, key) => mutate(b, key, 0, 160)],
    ['TensorFlow index', index, openIndex],
    [
      'TensorFlow index, CRCs repaired',
      index,
      openIndex,
      (b, key) => repairIndex(overwrite(b, key, { begin: 0, end: metaBlock - 5 })),
    ],
    ['PyTorch', pytorch, openPytorchZip],
    ['PyTorch, in a pickle without CRC', withoutCrc, openPytorchZip, (b, key) => overwrite(b, key, pickle)],
    [
      'PyTorch, in its directory',
      pytorch,
      openPytorchZip,
      (b, key) => mutate(b, key, b.length - 700, b.length),
    ],
    ['ONNX', onnx, openOnnx],
    ['ONNX, at its end', onnx, openOnnx, (b, key) => mutate(b, key, b.length - 2000, b.length)],
  ])('%s', async (_, intact, open, damage = (bytes, key) => mutate(bytes, key)) => {
    await readAll(open, intact)
    const random = RandomKey.fromSeed(11)
    let refused = 0
    let slowest = 0
    for (let i = 0; i < COPIES; i++) {
      const bytes = damage(new Uint8Array(intact), random.fold(i))
      const begin = performance.now()
      try {
        await readAll(open, bytes)
      } catch (error) {
        if (!(error instanceof SimclrError)) throw error
        refused++
      }
      slowest = Math.max(slowest, performance.now() - begin)
    }
    expect(refused).toBeGreaterThan(COPIES / 20)
    expect(slowest).toBeLessThan(LONGEST_MILLISECONDS)
  })
})

/** Opens and reads every array; no call may ask for more than twice the file. */
async function readAll(open: Open, bytes: Uint8Array): Promise<void> {
  const source = bytesSource('damaged', bytes)
  let asked = 0
  const counted: ByteSource = {
    ...source,
    async read(offset, length) {
      const part = await source.read(offset, length)
      asked += part.length
      return part
    },
  }
  const file = await open(counted)
  expect(asked).toBeLessThanOrEqual(2 * bytes.length + WINDOWS)
  for (const name of file.arrays.keys()) {
    asked = 0
    const { values } = await file.read(name)
    expect(asked).toBeLessThanOrEqual(2 * bytes.length)
    expect(values.byteLength).toBeLessThanOrEqual(2 * bytes.length)
  }
}

/** Cuts, flips bits, overwrites four bytes with a large or small number, or clears a stretch. */
function mutate(bytes: Uint8Array, key: RandomKey, begin = 0, end: number = bytes.length): Uint8Array {
  const at = begin + key.integer(0, end - begin)
  switch (key.integer(1, 4)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      bytes[at]! ^= 1 << key.integer(2, 8)
      return bytes
    case 2:
      return bytes.fill(key.integer(2, 2) === 0 ? 0xff : key.integer(3, 256), at, at + 4)
    default:
      return bytes.fill(0, at, at + key.integer(2, 64))
  }
}

/** Changes one to three bytes between two places. */
function overwrite(bytes: Uint8Array, key: RandomKey, { begin, end }: ByteRange): Uint8Array {
  for (let i = 0; i <= key.integer(0, 3); i++) {
    bytes[begin + key.fold(i).integer(1, end - begin)] = key.fold(i).integer(2, 256)
  }
  return bytes
}

/** Gives the block of entries, the first of the file, the CRC of what it holds now. */
function repairIndex(bytes: Uint8Array): Uint8Array {
  const crcAt = metaBlock - 4
  new DataView(bytes.buffer).setUint32(crcAt, maskedCrc32c(bytes.subarray(0, crcAt)), true)
  return bytes
}

async function entryRange(zip: Uint8Array, path: string): Promise<ByteRange> {
  const source = bytesSource('fixture', zip)
  const entry = (await zipEntries(source)).get(path)!
  const begin = await zipDataOffset(source, entry)
  return { begin, end: begin + entry.size }
}

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../__fixtures__/weights/${name}`, import.meta.url)))
}

describe('claims of a file of 16 MB', () => {
  test.each<[string, RegExp, Open, () => Uint8Array]>([
    ['safetensors: 2^40 elements', /span 4398046511104 bytes/, openSafetensors, largeSafetensors],
    [
      'safetensors: a header of 2^62 bytes',
      /a header of at most/,
      openSafetensors,
      () => large([0, 0, 0, 0, 0, 0, 0, 0x40, 0x7b]),
    ],
    [
      'ONNX: a graph of 2^40 bytes',
      /a field of at most/,
      openOnnx,
      () => large([0x3a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]),
    ],
    ['ONNX: an array of 2^40 elements', /of 4398046511104 bytes/, openOnnx, largeOnnx],
    ['index: a block of 2^40 bytes', /at least 0 \+ 1099511627781/, openIndex, largeIndex],
    ['PyTorch: an entry of 4 GB', /4294967280 bytes/, openPytorchZip, largeZip],
    ['pickle of lists', /1048576 values/, openPytorchZip, () => largePickle(0x5d)],
    ['pickle of marks', /1048576 values/, openPytorchZip, () => largePickle(0x28)],
    ['pickle of memos', /1048576 values/, openPytorchZip, () => largePickle(0x94, [0x5d])],
    ['pickle of tuples in tuples', /1048576 values/, openPytorchZip, () => largePickle(0x85, [0x5d])],
  ])('%s: refused within twice its memory', async (_, message, open, make) => {
    const bytes = make()
    collectGarbage()
    const before = process.memoryUsage()
    const begin = performance.now()
    await expect(readAll(open, bytes)).rejects.toThrow(message)
    expect(performance.now() - begin).toBeLessThan(LONGEST_MILLISECONDS)
    const { arrayBuffers, heapUsed } = process.memoryUsage()
    expect(arrayBuffers - before.arrayBuffers).toBeLessThanOrEqual(2 * LARGE)
    expect(heapUsed - before.heapUsed).toBeLessThan(MOST_OBJECTS)
  })
})

test.each([
  ['100,000 tuples in tuples', [0x5d, ...new Array<number>(100_000).fill(0x85)], /at most 32 deep/],
  ['a tuple of twice the last, 30 times', [0x5d, ...new Array(30).fill(TWICE).flat()], /at most \d+ values/],
])('a pickle of %s', async (_, opcodes, message) => {
  const bytes = encodeZip('x/data.pkl', Uint8Array.from([0x80, 2, ...opcodes, 0x2e]))
  await expect(readAll(openPytorchZip, bytes)).rejects.toThrow(message)
})

function large(start: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(LARGE)
  bytes.set(start)
  return bytes
}

function largeSafetensors(): Uint8Array {
  const header = JSON.stringify({ a: { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 2 ** 42] } })
  return large([header.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header)])
}

function largeOnnx(): Uint8Array {
  const tensor = new ProtobufWriter()
    .integer(1, 2 ** 40)
    .integer(2, 1)
    .string(8, 'a')
    .bytes(9, large([]))
  return new ProtobufWriter().integer(1, 8).message(7, new ProtobufWriter().message(5, tensor)).toBytes()
}

function largeIndex(): Uint8Array {
  const bytes = large([])
  const footer = new Uint8Array(index.subarray(-48))
  footer.set([0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20])
  bytes.set(footer, LARGE - 48)
  return bytes
}

/** The PyTorch fixture behind 16 MB, with a first entry that claims 4 GB. */
function largeZip(): Uint8Array {
  const bytes = large([0x50, 0x4b])
  const shift = LARGE - pytorch.length
  bytes.set(pytorch, shift)
  const view = new DataView(bytes.buffer)
  const directory = view.getUint32(LARGE - 6, true) + shift
  view.setUint32(LARGE - 6, directory, true)
  for (const sizeAt of [20, 24]) view.setUint32(directory + sizeAt, 0xfffffff0 - 30, true)
  return bytes
}

/** A zip file that is all pickle: `start`, then one opcode again and again. */
function largePickle(opcode: number, start: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(LARGE - 1000).fill(opcode)
  bytes.set([0x80, 2, ...start])
  bytes[bytes.length - 1] = 0x2e
  return encodeZip('x/data.pkl', bytes)
}

/** Node's garbage collector as a function, which it gives to contexts made after the flag is set. */
function exposedGc(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

/** A zip file of one stored entry without CRC. */
function encodeZip(path: string, data: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(path)
  const sizes = new Uint8Array(new Uint32Array([0, data.length, data.length]).buffer)
  const local = Buffer.concat([
    Buffer.from('PK\x03\x04'),
    new Uint8Array(10),
    sizes,
    Buffer.of(name.length, 0, 0, 0),
    name,
  ])
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    new Uint8Array(12),
    sizes,
    Buffer.of(name.length, 0),
    new Uint8Array(16),
    name,
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length + data.length, 16)
  return new Uint8Array(Buffer.concat([local, data, central, end]))
}
