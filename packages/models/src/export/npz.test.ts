import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pythonWith, runPython } from '@simclr/tools/testing'
import { expect, test } from 'vitest'
import { crc32 } from '../files/crc32.ts'
import type { SafetensorsArray } from '../files/safetensors.ts'
import { encodeNpy } from './npy.ts'
import { encodeNpz } from './npz.ts'

const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)

test('crc32 gives the check values of the catalogue', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array())).toBe(0)
})

test.each([
  ['<f4', [2, 1], { dtype: 'F32', shape: [2, 1], values: Float32Array.of(1, -2) }, '(2, 1)'],
  ['<f8', [1], { dtype: 'F64', shape: [1], values: Float64Array.of(0.1) }, '(1,)'],
  ['<i4', [], { dtype: 'I32', shape: [], values: Int32Array.of(7) }, '()'],
  ['<i8', [0, 3], { dtype: 'I64', shape: [0, 3], values: new BigInt64Array() }, '(0, 3)'],
  ['|u1', [2], { dtype: 'U8', shape: [2], values: Uint8Array.of(1, 255) }, '(2,)'],
] satisfies [string, number[], SafetensorsArray, string][])(
  'a .npy file of %s %j: aligned header, then the values',
  (description, _, array, shape) => {
    const bytes = encodeNpy(array)
    const start = bytes.length - array.values.byteLength
    expect(text(bytes.subarray(0, 8))).toBe('\x93NUMPY\x01\x00')
    expect(start % 64).toBe(0)
    expect(bytes[8]! + 256 * bytes[9]!).toBe(start - 10)
    expect(text(bytes.subarray(10, start)).trimEnd()).toBe(
      `{'descr': '${description}', 'fortran_order': False, 'shape': ${shape}, }`,
    )
    expect(bytes[start - 1]).toBe(0x0a)
    expect(bytes.slice(start)).toEqual(new Uint8Array(array.values.slice().buffer))
  },
)

test('the archive says where its files are', () => {
  const array: SafetensorsArray = { dtype: 'F32', shape: [3], values: Float32Array.of(1, 2, 3) }
  const bytes = encodeNpz(new Map([['stem.conv1.kernel', array]]))
  const view = new DataView(bytes.buffer)
  const file = encodeNpy(array)
  const name = 'stem.conv1.kernel.npy'
  const end = bytes.length - 22
  const directory = view.getUint32(end + 16, true)
  expect(view.getUint16(end + 10, true)).toBe(1)
  expect(directory + view.getUint32(end + 12, true)).toBe(end)
  expect(view.getUint32(directory + 16, true)).toBe(crc32(file))
  expect(text(bytes.subarray(directory + 46, end))).toBe(name)
  const offset = view.getUint32(directory + 42, true)
  expect(text(bytes.subarray(offset, offset + 4))).toBe('PK\x03\x04')
  expect(bytes.slice(offset + 30 + name.length, directory)).toEqual(file)
})

test('refuses what zip cannot hold', () => {
  const empty: SafetensorsArray = { dtype: 'U8', shape: [0], values: new Uint8Array() }
  const many = new Map(Array.from({ length: 65_535 }, (_, i) => [`${i}`, empty]))
  expect(() => encodeNpz(many)).toThrow(/at most 65534 arrays.*safetensors/s)
})

test('NumPy reads what was written', ({ skip }) => {
  const python = pythonWith('torch')
  if (python === undefined) return skip('no Python with torch, and so with NumPy')
  const folder = mkdtempSync(join(tmpdir(), 'simclr-npz-'))
  try {
    const file = join(folder, 'weights.npz')
    const kernel: SafetensorsArray = { dtype: 'F32', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4.5) }
    const count: SafetensorsArray = { dtype: 'I64', shape: [], values: BigInt64Array.of(-7n) }
    const arrays = new Map([
      ['stem.conv1.kernel', kernel],
      ['count', count],
    ])
    writeFileSync(file, encodeNpz(arrays))
    const program =
      'import sys, numpy as np; print({k: (str(v.dtype), v.tolist()) for k, v in np.load(sys.argv[1]).items()})'
    expect(runPython(python, program, [file]).trim()).toBe(
      "{'stem.conv1.kernel': ('float32', [[1.0, 2.0], [3.0, 4.5]]), 'count': ('int64', -7)}",
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
