/** Every optimizer goes through the same laws; adding one is adding a row. */
import { type Parameter, type ParameterRole, SimclrError } from '@simclr/core'
import { formulaValues } from '@simclr/tools/testing'
import { memory, mul, type Tensor, tensor, variable } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { adam } from './adam.ts'
import type { Optimizer } from './create-optimizer.ts'
import { lars } from './lars.ts'
import { sgd } from './sgd.ts'
import { warmupCosine } from './warmup-cosine.ts'

const optimizers: [name: string, create: () => Optimizer, slotsPerParameter: number][] = [
  ['lars', () => lars({ learningRate: 0.3, trustCoefficient: 0.1 }), 1],
  [
    'lars, popular, Nesterov',
    () => lars({ learningRate: 0.3, trustCoefficient: 0.1, form: 'popular', nesterov: true }),
    1,
  ],
  ['sgd', () => sgd({ learningRate: 0.1, weightDecay: 1e-4 }), 1],
  ['sgd, Nesterov', () => sgd({ learningRate: 0.1, nesterov: true }), 1],
  ['sgd without momentum', () => sgd({ learningRate: 0.5, momentum: 0 }), 0],
  ['adam', () => adam({ learningRate: 0.05 }), 2],
  [
    'lars on a schedule',
    () =>
      lars({
        trustCoefficient: 0.1,
        learningRate: warmupCosine({ peak: 3, warmupSteps: 5, totalSteps: 400 }),
      }),
    1,
  ],
]

function network(): Parameter[] {
  const parameter = (name: string, role: ParameterRole, shape: number[], trainable = true): Parameter => {
    const size = shape.reduce((product, length) => product * length, 1)
    return { name, role, value: variable(tensor(formulaValues(name.length, size), shape)), trainable }
  }
  return [
    parameter('conv.kernel', 'kernel', [3, 3, 2, 4]),
    parameter('norm.scale', 'scale', [4]),
    parameter('frozen.kernel', 'kernel', [4, 4], false),
    parameter('bias', 'bias', [4]),
  ]
}

/** Gradients of ½‖w‖². */
function step(optimizer: Optimizer, parameters: Parameter[]): void {
  const gradients = parameters.map(({ value }) => mul(value, 1))
  optimizer.update(parameters, gradients)
  dispose(gradients)
}

function dispose(tensors: Tensor[]): void {
  for (const each of tensors) each.dispose()
}

function valuesOf(parameters: Parameter[]): number[][] {
  return parameters.map(({ value }) => [...value.dataSync()])
}

describe.each(optimizers)('%s', (_name, create, slotsPerParameter) => {
  test('minimises a quadratic and leaves frozen parameters alone', () => {
    const parameters = network()
    const optimizer = create()
    const before = valuesOf(parameters)
    for (let i = 0; i < 300; i++) step(optimizer, parameters)
    const after = valuesOf(parameters)
    expect(optimizer.step).toBe(300)
    parameters.forEach(({ trainable }, i) => {
      if (trainable) expect(Math.hypot(...after[i]!)).toBeLessThan(0.05 * Math.hypot(...before[i]!))
      else expect(after[i]).toEqual(before[i])
    })
    optimizer.dispose()
    dispose(parameters.map(({ value }) => value))
  })

  test('keeps its slots and nothing else', () => {
    const parameters = network()
    const before = memory().numTensors
    const optimizer = create()
    for (let i = 0; i < 3; i++) step(optimizer, parameters)
    expect(memory().numTensors - before).toBe(3 * slotsPerParameter)
    optimizer.dispose()
    expect(memory().numTensors).toBe(before)
    dispose(parameters.map(({ value }) => value))
  })

  test('goes on bit for bit from a snapshot, which later updates leave alone', () => {
    const parameters = network()
    const optimizer = create()
    for (let i = 0; i < 7; i++) step(optimizer, parameters)
    const snapshot = optimizer.state()
    const weights = parameters.map(({ value }) => value.clone())
    for (let i = 0; i < 5; i++) step(optimizer, parameters)
    const uninterrupted = valuesOf(parameters)

    const resumed = create()
    for (const target of [optimizer, resumed]) {
      parameters.forEach(({ value }, i) => {
        value.assign(weights[i]!)
      })
      target.load(snapshot)
      expect(target.step).toBe(7)
      for (let i = 0; i < 5; i++) step(target, parameters)
      expect(valuesOf(parameters)).toEqual(uninterrupted)
      target.dispose()
    }
    dispose([...snapshot, ...parameters].map(({ value }) => value))
    dispose(weights)
  })
})

test('a snapshot from before the first update is a fresh start', () => {
  const [parameters, source, target] = [network(), sgd({ learningRate: 0.1 }), sgd({ learningRate: 0.1 })]
  const snapshot = source.state()
  target.load(snapshot)
  target.update(
    parameters,
    parameters.map(({ value }) => value),
  )
  expect(target.step).toBe(1)
})

describe('a state that does not fit changes nothing', () => {
  const other: Parameter[] = network().map((parameter, i) =>
    i === 0 ? { ...parameter, name: 'renamed' } : parameter,
  )

  test('when loaded into an optimizer that has started', () => {
    const parameters = network()
    const [source, target] = [sgd({ learningRate: 1 }), sgd({ learningRate: 1 })]
    step(source, other)
    step(target, parameters)
    step(target, parameters)
    const foreign = source.state()
    const before = target.state()
    expect(() => target.load(foreign)).toThrow(
      /missing: conv.kernel\/momentum; unexpected: renamed\/momentum/,
    )
    const reshaped = before.map(({ name, value }) => ({
      name,
      value: name === 'bias/momentum' ? tensor([1]) : value,
    }))
    expect(() => target.load(reshaped)).toThrow('bias/momentum [1] instead of [4]')
    expect(() => target.load(before.slice(1))).toThrow('"step"')
    expect(target.step).toBe(2)
    const after = target.state()
    after.forEach(({ value }, i) => {
      expect(value).toBeAllClose(before[i]!.value)
    })
  })

  test('when met by the first update', () => {
    const [source, target] = [sgd({ learningRate: 1 }), sgd({ learningRate: 1 })]
    step(source, other)
    target.load(source.state())
    const parameters = network()
    const before = valuesOf(parameters)
    expect(() => step(target, parameters)).toThrow(SimclrError)
    expect(valuesOf(parameters)).toEqual(before)
    expect(target.step).toBe(1)
  })
})

describe('update rejects', () => {
  const parameters = network()
  const gradients = parameters.map(({ value }) => mul(value, 1))
  const optimizer = sgd({ learningRate: 1 })

  test('too few gradients', () => {
    expect(() => optimizer.update(parameters, gradients.slice(1))).toThrow('one per parameter, 4, got 3')
  })
  test('gradients in another order', () => {
    expect(() => optimizer.update(parameters, gradients.toReversed())).toThrow('gradient of conv.kernel')
  })
  test('a repeated name', () => {
    expect(() => optimizer.update([parameters[0]!, parameters[0]!], [gradients[0]!, gradients[0]!])).toThrow(
      'twice',
    )
  })
  test('a rate that is not finite, before anything changes', () => {
    const before = valuesOf(parameters)
    const broken = sgd({ learningRate: (step) => 1 / (1 - step) })
    broken.update(
      parameters,
      gradients.map((gradient) => mul(gradient, 0)),
    )
    expect(() => broken.update(parameters, gradients)).toThrow('learningRate at step 1')
    expect(valuesOf(parameters)).toEqual(before)
  })
})
