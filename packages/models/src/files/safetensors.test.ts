import { readFileSync } from 'node:fs'
import { RandomKey, SimclrError } from '@simclr/core'
import { readGoldenArrays } from '@simclr/tools/testing'
import { describe, expect, test } from 'vitest'
import { decodeSafetensors, encodeSafetensors, type SafetensorsArray } from './safetensors.ts'

const sample = new Map<string, SafetensorsArray>([
  ['bytes', { dtype: 'U8', shape: [3], values: Uint8Array.of(1, 2, 255) }],
  ['kernel', { dtype: 'F32', shape: [2, 2], values: Float32Array.of(1.5, -2, Number.NaN, 1e-30) }],
  ['scalar', { dtype: 'F64', shape: [], values: Float64Array.of(Math.PI) }],
  ['empty', { dtype: 'F32', shape: [0, 7], values: new Float32Array(0) }],
  ['step', { dtype: 'I32', shape: [1], values: Int32Array.of(-7) }],
  ['batches', { dtype: 'I64', shape: [2], values: BigInt64Array.of(1n, -(2n ** 60n)) }],
  ['__proto__', { dtype: 'F32', shape: [1], values: Float32Array.of(4) }],
  ['Größe "π"', { dtype: 'F32', shape: [1], values: Float32Array.of(3) }],
])

/** A file with this header (an object, or literal text) and so many bytes of data. */
function file(header: object | string, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

describe('round trip', () => {
  test('keeps names, dtypes, shapes and bits', () => {
    const decoded = decodeSafetensors(encodeSafetensors(sample))
    expect(new Set(decoded.keys())).toEqual(new Set(sample.keys()))
    for (const [name, array] of sample) expect(decoded.get(name)).toEqual(array)
  })

  test('of nothing is nothing', () => {
    expect(decodeSafetensors(encodeSafetensors(new Map()))).toEqual(new Map())
  })

  test('every array starts at a multiple of its element size', () => {
    const bytes = encodeSafetensors(sample)
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    expect(length % 8).toBe(0)
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
    for (const [name, { data_offsets }] of Object.entries<{ data_offsets: number[] }>(header)) {
      expect(data_offsets[0]! % sample.get(name)!.values.BYTES_PER_ELEMENT).toBe(0)
    }
  })
})

test("reads another program's file, from a Node buffer at any position", () => {
  const url = new URL('../__fixtures__/06_projection_head.safetensors', import.meta.url)
  const shifted = Buffer.concat([Buffer.of(0), readFileSync(url)]).subarray(1)
  const expected = readGoldenArrays(url)
  const decoded = decodeSafetensors(shifted)
  expect(decoded.size).toBe(expected.size)
  for (const [name, { shape, values }] of expected) expect(decoded.get(name)).toMatchObject({ shape, values })
})

test('skips metadata', () => {
  const entry = { dtype: 'U8', shape: [1], data_offsets: [0, 1] }
  expect([...decodeSafetensors(file({ __metadata__: { format: 'pt' }, a: entry }, 1)).keys()]).toEqual(['a'])
})

describe('damaged files', () => {
  const entry = (changes: object) => ({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...changes } })
  test.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(0), /a file with a header, got 0 bytes/],
    ['cut in the length', new Uint8Array(7), /a file with a header, got 7 bytes/],
    ['cut in the header', file(entry({}), 8).subarray(0, 20), /header of at most 12 bytes/],
    ['a length beyond every file', new Uint8Array(64).fill(255), /header of at most 56 bytes/],
    ['no JSON', file('{"a": ', 0), /a header in JSON/],
    ['no UTF-8', new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe]), /a header in JSON/],
    ['a list', file('[]', 0), /a JSON object/],
    ['null', file('null', 0), /a JSON object/],
    ['an entry that is a number', file({ a: 1 }, 0), /entry "a" with dtype, shape and data_offsets, got 1/],
    [
      'an unknown dtype',
      file(entry({ dtype: 'F4' }), 8),
      /entry "a" with a dtype out of F32, F64, .*, got "F4"/,
    ],
    ['an inherited dtype', file(entry({ dtype: 'constructor' }), 8), /dtype out of/],
    ['no dtype', file({ a: { shape: [2], data_offsets: [0, 8] } }, 8), /dtype out of/],
    ['a negative size', file(entry({ shape: [-2] }), 8), /shape of whole numbers, got \[-2\]/],
    ['a fractional size', file(entry({ shape: [0.5] }), 8), /shape of whole numbers/],
    ['sizes that overflow', file(entry({ shape: Array(40).fill(2 ** 40) }), 8), /data_offsets that span/],
    ['one offset', file(entry({ data_offsets: [0] }), 8), /two data_offsets/],
    ['offsets in reverse', file(entry({ shape: [0], data_offsets: [8, 0] }), 8), /data_offsets that span/],
    ['offsets of another size', file(entry({ data_offsets: [0, 4] }), 8), /span 8 bytes/],
    ['data cut off', file(entry({}), 7), /span 8 bytes and end by 7, got \[0,8\]/],
    ['data left over', file(entry({}), 9), /8 bytes of data, got 9/],
    ['a gap', file(entry({ data_offsets: [4, 12] }), 12), /without gap or overlap at byte 0/],
    [
      'an overlap',
      file({ ...entry({}), b: { dtype: 'U8', shape: [4], data_offsets: [4, 8] } }, 8),
      /without gap or overlap at byte 8, got an array at 4/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message)
    expect(() => decodeSafetensors(bytes)).toThrow(SimclrError)
  })

  test('500 mutations of one to three bytes, and every cut: a SimclrError or arrays that fit the file', () => {
    const intact = encodeSafetensors(sample)
    const random = RandomKey.fromSeed(11)
    let refused = 0
    for (let i = 0; i < 500; i++) {
      const bytes = intact.slice()
      const key = random.fold(i)
      for (let change = 0; change <= key.integer(0, 3); change++) {
        const at = key.fold(change)
        bytes[at.integer(0, bytes.length)] = at.integer(1, 256)
      }
      if (!isValid(bytes)) refused++
    }
    expect(refused).toBeGreaterThan(100)
    for (let length = 0; length < intact.length; length++)
      expect(isValid(intact.subarray(0, length))).toBe(false)
  })
})

/** Whether bytes decode; checks what comes out. */
function isValid(bytes: Uint8Array): boolean {
  try {
    let total = 0
    for (const { shape, values } of decodeSafetensors(bytes).values()) {
      expect(values.length).toBe(shape.reduce((a, b) => a * b, 1))
      total += values.byteLength
    }
    expect(total).toBeLessThan(bytes.length)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(SimclrError)
    return false
  }
}

test.each<[string, string, SafetensorsArray]>([
  ['too few values', 'a', { dtype: 'F32', shape: [3], values: new Float32Array(2) }],
  ['another array type', 'a', { dtype: 'F32', shape: [2], values: new Int32Array(2) }],
  ['the reserved name', '__metadata__', { dtype: 'F32', shape: [2], values: new Float32Array(2) }],
])('encoding refuses %s', (_, name, array) => {
  expect(() => encodeSafetensors(new Map([[name, array]]))).toThrow(
    /: ".*(fit its dtype and shape|under a name other than '__metadata__')/,
  )
})
