/** The passes over planar images, ready to work on the working memory. */
import { type FunctionDefinition, instantiate, type WasmFunction } from '@simclr/core/simd'
import { clear } from './passes/clear.ts'
import { contrast } from './passes/contrast.ts'
import { deinterleaveBytes, deinterleaveFloats } from './passes/deinterleave.ts'
import { grey } from './passes/grey.ts'
import { hue } from './passes/hue.ts'
import { interleave } from './passes/interleave.ts'
import { mirror } from './passes/mirror.ts'
import { resampleRow } from './passes/resample-row.ts'
import { saturation } from './passes/saturation.ts'
import { scaleAndShift } from './passes/scale-and-shift.ts'
import { toBytes } from './passes/to-bytes.ts'
import { weightedByteRows, weightedFloatRows } from './passes/weighted-rows.ts'
import { workingMemory } from './working-memory.ts'

const definitions: Record<KernelName, FunctionDefinition> = {
  clear,
  contrast,
  deinterleaveFloats,
  deinterleaveRgb: deinterleaveBytes(3),
  deinterleaveRgba: deinterleaveBytes(4),
  grey,
  hue,
  interleave,
  mirror,
  resampleRgb: resampleRow(3),
  resampleRgba: resampleRow(4),
  saturation,
  scaleAndShift,
  toBytes,
  weightedByteRows,
  weightedFloatRows,
}

type KernelName =
  | 'clear'
  | 'contrast'
  | 'deinterleaveFloats'
  | 'deinterleaveRgb'
  | 'deinterleaveRgba'
  | 'grey'
  | 'hue'
  | 'interleave'
  | 'mirror'
  | 'resampleRgb'
  | 'resampleRgba'
  | 'saturation'
  | 'scaleAndShift'
  | 'toBytes'
  | 'weightedByteRows'
  | 'weightedFloatRows'

let compiled: Record<KernelName, WasmFunction> | undefined

/** The functions; their definitions tell the parameters. Compiled at the first call. */
export function kernels(): Record<KernelName, WasmFunction> {
  compiled ??= instantiate(definitions, workingMemory())
  return compiled
}
