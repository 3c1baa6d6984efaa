/** Weights for tests that compare two implementations: every kind of variable gets other values than it starts with. */
import type { Module } from '@simclr/core'
import { type GoldenVariable, loadFormulaWeights } from './golden-module.ts'

const KINDS: readonly [ending: string, kind: GoldenVariable['kind']][] = [
  ['.kernel', 'conv'],
  ['.bn3.gamma', 'gamma_last'],
  ['.gamma', 'gamma'],
  ['.beta', 'beta'],
  ['.bias', 'beta'],
  ['.moving_mean', 'mean'],
  ['.moving_variance', 'var'],
]

/** Sets all variables to formula values of the golden set, each with its own seed, and returns the module. */
export function withFormulaWeights<T extends Module>(module: T, firstSeed: number): T {
  const variables = [...module.parameters(), ...module.state()].map(({ name, value }, i) => {
    const kind = KINDS.find(([ending]) => name.endsWith(ending))![1]
    return { name, shape: value.shape, kind, seed: firstSeed + i }
  })
  loadFormulaWeights(module, variables)
  return module
}
