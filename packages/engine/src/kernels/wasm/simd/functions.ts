/** Our WebAssembly functions, ready to work on the memory of a wasm backend. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type BatchNormPassName, batchNormPasses } from './batch-norm-passes.ts'
import { filterTile } from './filter-tile.ts'
import { fourLanes, type Lanes, oneLane } from './lanes.ts'
import { encodeModule, type FunctionDefinition } from './module.ts'

export type WasmFunction = (...parameters: number[]) => void

export interface SimdFunctions {
  /** Passes of four elements a step. */
  readonly widePasses: Record<BatchNormPassName, WasmFunction>
  /** Passes of one element a step. */
  readonly narrowPasses: Record<BatchNormPassName, WasmFunction>
  /** Tiles of 1, 2, … TILE_INPUTS input channels and TILE_OUTPUTS output channels. */
  readonly wideFilterTiles: readonly WasmFunction[]
  /** Tiles of 1, 2, … TILE_INPUTS input channels and one output channel. */
  readonly narrowFilterTiles: readonly WasmFunction[]
}

/** With eight columns, four rows of sums fill half of the sixteen vector registers of x86. */
export const TILE_INPUTS = 4
export const TILE_OUTPUTS = 8

const instances = new WeakMap<BackendWasm, SimdFunctions>()

/** The functions on the memory of `backend`; compiled at its first call. */
export function simdFunctions(backend: BackendWasm): SimdFunctions {
  const known = instances.get(backend)
  if (known !== undefined) return known
  const { asm } = backend.wasm as unknown as { asm: { memory: WebAssembly.Memory } }
  const instantiate = <Name extends string>(definitions: Record<Name, FunctionDefinition>) => {
    const module = new WebAssembly.Module(encodeModule(definitions))
    const { exports } = new WebAssembly.Instance(module, { host: { memory: asm.memory } })
    return exports as Record<Name, WasmFunction>
  }
  const tiles = (lanes: Lanes, vectors: number) => {
    const inputs = Array.from({ length: TILE_INPUTS }, (_, index) => index + 1)
    return Object.values(instantiate(Object.fromEntries(inputs.map((count) => [`tile${count}`, filterTile(lanes, count, vectors)]))))
  }
  const functions = {
    widePasses: instantiate(batchNormPasses(fourLanes)),
    narrowPasses: instantiate(batchNormPasses(oneLane)),
    wideFilterTiles: tiles(fourLanes, TILE_OUTPUTS / fourLanes.count),
    narrowFilterTiles: tiles(oneLane, 1),
  }
  instances.set(backend, functions)
  return functions
}
