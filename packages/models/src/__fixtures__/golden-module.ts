/** Sets a module to the formula values of the golden set, and reads it back. Used by tests only. */
import type { Module } from '@simclr/core'
import { formulaValues } from '@simclr/tools/testing'
import type { Variable } from '@tensorflow/tfjs-core'
import type { SafetensorsArray } from '../files/safetensors.ts'
import { loadWeights } from '../weights.ts'

export interface GoldenVariable {
  readonly name: string
  readonly shape: number[]
  readonly kind: 'conv' | 'dense' | 'gamma' | 'gamma_last' | 'beta' | 'mean' | 'var'
  readonly seed: number
}

/** Offset and amplitude of each kind; kernels have amplitude sqrt(6 / fan-in) instead. */
const RANGES = {
  gamma: [1, 0.25],
  gamma_last: [0.25, 0.125],
  beta: [0, 0.1],
  mean: [0, 0.1],
  var: [1, 0.5],
} as const

export function loadFormulaWeights(module: Module, variables: readonly GoldenVariable[]): void {
  loadWeights(
    module,
    new Map(
      variables.map(({ name, shape, kind, seed }): [string, SafetensorsArray] => {
        const size = shape.reduce((a, b) => a * b, 1)
        const fanIn = size / shape[shape.length - 1]!
        const [offset, amplitude] =
          kind === 'conv' || kind === 'dense' ? [0, Math.sqrt(6 / fanIn)] : RANGES[kind]
        return [name, { dtype: 'F32', shape, values: formulaValues(seed, size, offset, amplitude) }]
      }),
    ),
  )
}

/** All variables of a module by name. */
export function variablesByName(module: Module): Map<string, Variable> {
  return new Map([...module.parameters(), ...module.state()].map(({ name, value }) => [name, value]))
}

/** The Euclidean norm, in float64. */
export function norm(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]! ** 2
  return Math.sqrt(total)
}
