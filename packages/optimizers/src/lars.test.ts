import type { Parameter } from '@simclr/core'
import { readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import { tensor, variable } from '@tensorflow/tfjs-core'
import { afterEach, expect, test } from 'vitest'
import { lars } from './lars.ts'

interface Golden {
  variables: { name: string; shape: number[] }[]
  cases: {
    key: string
    weight_decay: number
    nesterov: boolean
    classic_momentum: boolean
    momentum: number
    eeta: number
    lrs: number[]
  }[]
}

const golden = readGoldenJson<Golden>(new URL('./__fixtures__/03_lars.json', import.meta.url))
const arrays = readGoldenArrays(new URL('./__fixtures__/03_lars.safetensors', import.meta.url))
const disposals: (() => void)[] = []
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose()
})

function goldenTensor(name: string) {
  const { values, shape } = arrays.get(name)!
  const value = tensor(values, shape)
  disposals.push(() => value.dispose())
  return value
}

function goldenParameters(): Parameter[] {
  return golden.variables.map(({ name }) => {
    const value = variable(goldenTensor(`init/${name}`))
    disposals.push(() => value.dispose())
    return { name, role: roleOf(name), value, trainable: true }
  })
}

function roleOf(name: string): Parameter['role'] {
  if (name.includes('gamma')) return 'scale'
  if (name.includes('beta')) return 'offset'
  return name.includes('bias') ? 'bias' : 'kernel'
}

/** The reference's own float32 error against float64 is 1.4e-7 on weights and 2.7e-8 on momenta. */
test.each(golden.cases)('five updates equal the official LARSOptimizer: $key', (settings) => {
  const parameters = goldenParameters()
  const optimizer = lars({
    learningRate: (step) => settings.lrs[step]!,
    momentum: settings.momentum,
    nesterov: settings.nesterov,
    weightDecay: settings.weight_decay,
    trustCoefficient: settings.eeta,
    form: settings.classic_momentum ? 'classic' : 'popular',
    exclude: ({ name }) => name.includes('head_supervised'),
  })
  disposals.push(() => optimizer.dispose())
  for (let step = 0; step < 5; step++) {
    const gradients = parameters.map(({ name }) => goldenTensor(`grad${step}/${name}`))
    optimizer.update(parameters, gradients)
    if (step > 0 && step < 4) continue
    for (const { name, value } of parameters) {
      const expected = arrays.get(`${settings.key}/after${step + 1}/${name}`)!.values
      expect(value, name).toBeAllClose(expected, { relative: 3e-7, absolute: 1e-12 })
    }
  }
  const momenta = new Map(optimizer.state().map(({ name, value }) => [name, value]))
  for (const { name } of parameters) {
    const expected = arrays.get(`${settings.key}/momentum_after5/${name}`)!.values
    expect(momenta.get(`${name}/momentum`)!, name).toBeAllClose(expected, { relative: 1e-6, absolute: 1e-12 })
  }
  for (const value of momenta.values()) value.dispose()
})

test('decay and adaptation follow the role, not the name', () => {
  const value = variable(tensor([3, 4]))
  const gradient = tensor([0, 2])
  const parameters = [{ name: 'kernel', role: 'bias', value, trainable: true }] as const
  const optimizer = lars({ learningRate: 1, weightDecay: 0.5 })
  optimizer.update(parameters, [gradient])
  expect(value).toBeAllClose([3, 2])
  optimizer.dispose()
  value.dispose()
  gradient.dispose()
})

test.each([
  [{ learningRate: Number.NaN }, 'learningRate at step 0'],
  [{ learningRate: -1 }, 'learningRate at step 0'],
  [{ learningRate: 1, momentum: 1.5 }, 'momentum: decay'],
  [{ learningRate: 1, weightDecay: -1 }, 'weightDecay'],
  [{ learningRate: 1, trustCoefficient: 0 }, 'trustCoefficient'],
])('rejects %o', (options, message) => {
  expect(() => lars(options)).toThrow(message)
})
