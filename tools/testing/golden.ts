/** Reads the golden fixtures: JSON and safetensors files beside a package's tests. */
import { readFileSync } from 'node:fs'

export interface GoldenArray {
  readonly shape: number[]
  readonly values: Float32Array | Int32Array | Uint8Array
}

const TYPES = { F32: Float32Array, I32: Int32Array, U8: Uint8Array }

/** @param url e.g. `new URL('./__fixtures__/01_ntxent.json', import.meta.url)` */
export function readGoldenJson<T>(url: URL): T {
  return JSON.parse(readFileSync(url, 'utf8')) as T
}

/** All arrays of a safetensors file by name. */
export function readGoldenArrays(url: URL): Map<string, GoldenArray> {
  const bytes = readFileSync(url)
  const headerLength = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: keyof typeof TYPES; shape: number[]; data_offsets: [number, number] }
  >
  const arrays = new Map<string, GoldenArray>()
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const [begin, end] = data_offsets.map((offset) => offset + 8 + headerLength) as [number, number]
    const copy = new Uint8Array(bytes.subarray(begin, end)).buffer
    arrays.set(name, { shape, values: new TYPES[dtype](copy) })
  }
  return arrays
}

/** The fixtures' seeded formula values in [-1, 1): see the README of the golden set. */
export function formulaValues(seed: number, length: number, offset = 0, amplitude = 1): Float32Array {
  const values = new Float32Array(length)
  for (let i = 0; i < length; i++) values[i] = offset + amplitude * (2 * formulaUnit(seed, i) - 1)
  return values
}

/** The fixtures' seeded formula value in [0, 1). */
export function formulaUnit(seed: number, index: number): number {
  let x = (Math.imul(seed, 0x9e3779b1) + index) >>> 0
  x ^= x >>> 16
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  x ^= x >>> 16
  return (x >>> 8) * 2 ** -24
}
