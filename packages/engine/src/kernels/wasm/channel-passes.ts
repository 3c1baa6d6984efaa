/** Runs passes over arrays whose last axis is the channels. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { memoryOf, withScratch } from './memory.ts'
import { simdFunctions } from './simd/functions.ts'
import type { PassName } from './simd/passes.ts'

const FLOAT_BYTES = 4
const DOUBLE_BYTES = 8
const LANES = 4

/** What a pass works on. */
export interface ChannelPass {
  /** Float32 tensors of equal size, in the order of the pass. */
  readonly arrays: readonly TensorInfo[]
  /** One entry per channel each. */
  readonly tables?: readonly ArrayLike<number>[]
  /** Number of sums per channel. Default 0. */
  readonly sums?: number
}

/**
 * Runs the pass over all elements, four at a time and then the rest.
 *
 * @returns the sums, in float64, each with an entry per channel.
 */
export function runChannelPass(
  backend: BackendWasm,
  name: PassName,
  { arrays, tables = [], sums = 0 }: ChannelPass,
): Float64Array[] {
  const { shape } = arrays[0]!
  const channels = shape.at(-1) ?? 1
  const size = shape.reduce((product, length) => product * length, 1)
  // Where the number of channels is no multiple of four, vectors start at any of them: the tables repeat.
  const period = leastCommonMultiple(channels, LANES)
  const tableBytes = period * FLOAT_BYTES
  const sumBytes = period * DOUBLE_BYTES
  return withScratch(backend, sums * sumBytes + tables.length * tableBytes, (scratch) => {
    const { buffer } = memoryOf(backend).HEAPU8
    const sumAddresses = Array.from({ length: sums }, (_, index) => scratch + index * sumBytes)
    const cells = sumAddresses.map((address) => new Float64Array(buffer, address, period).fill(0))
    const tableAddresses = tables.map((table, index) => {
      const address = scratch + sums * sumBytes + index * tableBytes
      const view = new Float32Array(buffer, address, period)
      for (let i = 0; i < period; i++) view[i] = table[i % channels]!
      return address
    })

    const addresses = arrays.map(({ dataId }) => backend.getMemoryOffset(dataId))
    const { widePasses, narrowPasses } = simdFunctions(backend)
    const vectors = Math.floor(size / LANES)
    const done = vectors * LANES
    const perChannel = [...tableAddresses, ...sumAddresses]
    if (vectors > 0) widePasses[name](vectors, tableBytes, 0, ...addresses, ...perChannel)
    if (done < size) {
      const rest = addresses.map((address) => address + done * FLOAT_BYTES)
      narrowPasses[name](size - done, tableBytes, (done % period) * FLOAT_BYTES, ...rest, ...perChannel)
    }
    return cells.map((cell) => {
      const totals = new Float64Array(channels)
      for (let i = 0; i < period; i++) totals[i % channels]! += cell[i]!
      return totals
    })
  })
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = a
  while (multiple % b !== 0) multiple += a
  return multiple
}
