/**
 * Small files of PyTorch 2.15 and TensorFlow 2.21, kept as fixtures, and files that are none. They were written by
 *
 *     base = torch.arange(6, dtype=torch.float32).reshape(2, 3)
 *     d = {'state_dict': {'a': base, 't': base.t(), 'half': torch.tensor([1.5, -0.0, 6e-8], dtype=torch.float16),
 *          'step': torch.tensor(7)}, 'list': [base[1], torch.tensor([True])], 'epoch': 3}
 *     torch.save(d, 'pytorch.pt')
 *     torch.serialization.set_crc32_options(False); torch.save(d, 'pytorch-without-crc.pt')
 *     v = tf.Variable([[1., 2.], [3., 4.]], name='conv2d/kernel')
 *     h = tf.Variable(tf.constant([1.5, -2.], tf.bfloat16), name='half')
 *     tf.train.Checkpoint(kernel=v, half=h).write('tensorflow')
 *
 * and, with tf.compat.v1's Saver, `sharded` of a = [1, 2] on /cpu:0 and b = [3, 4, 5] on /cpu:1 (sharded=True), and
 * `sliced` of ones [4, 2] in two parts (fixed_size_partitioner(2)) and whole = [6].
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { encodeOnnx } from '../export/onnx.ts'
import { ByteCursor } from '../files/byte-cursor.ts'
import { maskedCrc32c } from '../files/crc32c.ts'
import { importEncoder } from '../names/import-encoder.ts'
import { ProjectionHead } from '../projection-head.ts'
import { ResNet } from '../resnet.ts'
import { moduleWeights } from '../weights.ts'
import { openWeights } from './open-weights.ts'

const fixtures = fileURLToPath(new URL('../__fixtures__/weights', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'simclr-small-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(['pytorch.pt', 'pytorch-without-crc.pt'])('%s: dictionaries and lists', async (name) => {
  const file = await openWeights(join(fixtures, name))
  expect([...file.arrays.keys()]).toEqual([
    'state_dict.a',
    'state_dict.t',
    'state_dict.half',
    'state_dict.step',
    'list.0',
    'list.1',
  ])
  expect((await file.read('state_dict.t')).values).toEqual(Float32Array.of(0, 3, 1, 4, 2, 5))
  expect((await file.read('list.0')).values).toEqual(Float32Array.of(3, 4, 5))
  expect((await file.read('list.1')).values).toEqual(Uint8Array.of(1))
  await file.close()
})

test('PyTorch: bytes that do not fit their CRC are refused, whole or in part', async () => {
  const bytes = readFileSync(join(fixtures, 'pytorch.pt'))
  bytes[bytes.indexOf(Buffer.from(Float32Array.of(1, 2, 3).buffer))]! ^= 1
  const file = await openWeights(written('crc.pt', bytes))
  await expect(file.read('state_dict.a')).rejects.toThrow(/CRC-32/)
  await expect(file.read('list.0')).rejects.toThrow(/CRC-32/)
  expect((await file.read('state_dict.step')).values).toEqual(BigInt64Array.of(7n))
  await file.close()
})

test('PyTorch: the directory by a record of zip64', async () => {
  const file = await openWeights(written('zip64.pt', asZip64(readFileSync(join(fixtures, 'pytorch.pt')))))
  expect((await file.read('state_dict.step')).values).toEqual(BigInt64Array.of(7n))
  await file.close()
})

test('TensorFlow: two shards, and one that is missing', async () => {
  const file = await openWeights(join(fixtures, 'sharded'))
  expect((await file.read('a')).values).toEqual(Float32Array.of(1, 2))
  expect((await file.read('b')).values).toEqual(Float32Array.of(3, 4, 5))
  await file.close()
  copyFileSync(join(fixtures, 'sharded.index'), join(folder, 'sharded.index'))
  const incomplete = await openWeights(join(folder, 'sharded'))
  await expect(incomplete.read('a')).rejects.toThrow(/data-00000-of-00002.*ENOENT/)
  await incomplete.close()
})

test('TensorFlow: a partitioned variable is no array', async () => {
  const file = await openWeights(join(fixtures, 'sliced'))
  expect([...file.arrays.keys()]).toEqual(['whole'])
  await expect(file.read('sliced')).rejects.toThrow(/in one piece.*partitioned/s)
  await file.close()
})

test('TensorFlow: a big-endian index is refused', async () => {
  const bytes = readFileSync(join(fixtures, 'tensorflow.index'))
  const crcAt = new ByteCursor('footer', bytes.subarray(-48)).varint() - 4
  // BundleHeaderProto { num_shards: 1, endianness: BIG } as the value of the empty key.
  bytes.set([8, 1, 16, 1, 16, 1], 3)
  bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, crcAt)), crcAt)
  await expect(openWeights(written('big.index', bytes))).rejects.toThrow(/little-endian checkpoint/)
})

test('TensorFlow: the folder of a SavedModel', async () => {
  mkdirSync(join(folder, 'saved', 'variables'), { recursive: true })
  for (const end of ['index', 'data-00000-of-00001']) {
    copyFileSync(join(fixtures, `tensorflow.${end}`), join(folder, 'saved', 'variables', `variables.${end}`))
  }
  const file = await openWeights(join(folder, 'saved'))
  expect((await file.read('conv2d/kernel')).values).toEqual(Float32Array.of(1, 2, 3, 4))
  await file.close()
})

test('ONNX: an encoder of ours comes back bit-identical', async () => {
  for (const selectiveKernelRatio of [0, 0.0625]) {
    const encoder = new ResNet({ depth: 50, width: 1 / 16, selectiveKernelRatio })
    const head = new ProjectionHead({ inputWidth: encoder.featureWidth })
    const file = await openWeights(written('encoder.onnx', await encodeOnnx(encoder, { head })))
    const back = await importEncoder(file)
    expect(back.options).toEqual(encoder.options)
    expect(await moduleWeights(back)).toEqual(await moduleWeights(encoder))
    await file.close()
    for (const module of [encoder, head, back]) module.dispose()
  }
})

describe('refused', () => {
  test.each([
    ['an empty file', () => written('empty.pt', new Uint8Array(0)), /another format/],
    ['text', () => written('text', Buffer.from('no weights at all')), /another format/],
    ['an empty folder', () => emptyFolder(), /a folder with 0 checkpoints/],
    ['no file', () => join(folder, 'missing'), /ENOENT/],
    ['half a zip file', () => half('pytorch.pt'), /directory at the end.*cut off/s],
    ['half an index', () => half('tensorflow.index'), /another format/],
  ])('%s', async (_, make, message) => {
    await expect(openWeights(make())).rejects.toThrow(message)
  })
})

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function emptyFolder(): string {
  mkdirSync(join(folder, 'nothing'))
  return join(folder, 'nothing')
}

function half(name: string): string {
  const bytes = readFileSync(join(fixtures, name))
  return written(`half-${name}`, bytes.subarray(0, bytes.length / 2))
}

/** Moves size and offset of the directory into the records that large archives have. */
function asZip64(bytes: Buffer): Buffer {
  const endAt = bytes.length - 22
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(BigInt(bytes.readUInt32LE(endAt + 12)), 40)
  record.writeBigUInt64LE(BigInt(bytes.readUInt32LE(endAt + 16)), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(endAt), 8)
  const end = Buffer.from(bytes.subarray(endAt))
  end.fill(0xff, 12, 20)
  return Buffer.concat([bytes.subarray(0, endAt), record, locator, end])
}
