/** Our WebAssembly functions, ready to work on the memory of a wasm backend. */

import { instantiate, type WasmFunction } from '@simclr/core/simd'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { memoryOf } from '../memory.ts'
import { fourLanes, type Lanes, oneLane } from './lanes.ts'
import { type PassName, passes } from './passes.ts'
import { productTile } from './product-tile.ts'

/** Addresses are those of the backend's memory; see `passes` and `productTile` for the parameters. */
export interface SimdFunctions {
  /** Passes of four elements a step. */
  readonly widePasses: Record<PassName, WasmFunction>
  /** Passes of one element a step. */
  readonly narrowPasses: Record<PassName, WasmFunction>
  /** Product tiles of 1, 2, … TILE_ROWS rows and TILE_COLUMNS columns. */
  readonly wideProductTiles: readonly WasmFunction[]
  /** Product tiles of 1, 2, … TILE_ROWS rows and one column. */
  readonly narrowProductTiles: readonly WasmFunction[]
}

/** Rows of the largest tile. With eight columns its sums take half of the sixteen vector registers of x86. */
export const TILE_ROWS = 4
/** Columns of a wide tile. */
export const TILE_COLUMNS = 8

const instances = new WeakMap<BackendWasm, SimdFunctions>()

/** The functions on the memory of `backend`; compiled at its first call. */
export function simdFunctions(backend: BackendWasm): SimdFunctions {
  const known = instances.get(backend)
  if (known !== undefined) return known
  const { memory } = memoryOf(backend).asm
  const functions = {
    widePasses: instantiate(passes(fourLanes), memory),
    narrowPasses: instantiate(passes(oneLane), memory),
    wideProductTiles: productTiles(fourLanes, TILE_COLUMNS / fourLanes.count, memory),
    narrowProductTiles: productTiles(oneLane, 1, memory),
  }
  instances.set(backend, functions)
  return functions
}

function productTiles(lanes: Lanes, vectors: number, memory: object): WasmFunction[] {
  const heights = Array.from({ length: TILE_ROWS }, (_, index) => index + 1)
  const definitions = heights.map((rows) => [`rows${rows}`, productTile(lanes, rows, vectors)] as const)
  return Object.values(instantiate(Object.fromEntries(definitions), memory))
}
