/** Every optimizer beside PyTorch, and through the accidents of training; adding one is adding a row. */
import type { Parameter } from '@simclr/core'
import { formulaValues, pythonWith, runPython } from '@simclr/tools/testing'
import { memory, reshape, type Tensor, tensor, tidy, transpose, variable } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { adam } from './adam.ts'
import { adamw } from './adamw.ts'
import { addDecayedWeights } from './add-decayed-weights.ts'
import { chain } from './chain.ts'
import { clipByGlobalNorm } from './clip-by-global-norm.ts'
import { clipByValue } from './clip-by-value.ts'
import { createOptimizer, type Optimizer } from './create-optimizer.ts'
import { lars } from './lars.ts'
import type { LearningRate } from './scale-by-learning-rate.ts'
import { scaleByLearningRate } from './scale-by-learning-rate.ts'
import { sgd } from './sgd.ts'

interface Row {
  readonly name: string
  readonly create: (learningRate: LearningRate) => Optimizer
  /** The same in PyTorch, over the list `weights`, with rate 0.1; what it does before its step. */
  readonly torch?: { readonly optimizer: string; readonly before?: string }
}

const SGD = 'torch.optim.SGD(weights, lr=0.1'

const rows: readonly Row[] = [
  { name: 'lars', create: (learningRate) => lars({ learningRate, trustCoefficient: 0.1 }) },
  {
    name: 'lars, popular',
    create: (learningRate) => lars({ learningRate, trustCoefficient: 0.1, form: 'popular' }),
  },
  {
    name: 'sgd without momentum',
    create: (learningRate) => sgd({ learningRate, momentum: 0 }),
    torch: { optimizer: `${SGD})` },
  },
  {
    name: 'sgd',
    create: (learningRate) => sgd({ learningRate, weightDecay: 0.01 }),
    torch: { optimizer: `${SGD}, momentum=0.9, weight_decay=0.01)` },
  },
  {
    name: 'sgd, Nesterov',
    create: (learningRate) => sgd({ learningRate, nesterov: true }),
    torch: { optimizer: `${SGD}, momentum=0.9, nesterov=True)` },
  },
  {
    name: 'adam',
    create: (learningRate) => adam({ learningRate }),
    torch: { optimizer: 'torch.optim.Adam(weights, lr=0.1)' },
  },
  {
    name: 'adamw',
    create: (learningRate) => adamw({ learningRate, weightDecay: 0.05 }),
    torch: { optimizer: 'torch.optim.AdamW(weights, lr=0.1, weight_decay=0.05)' },
  },
  {
    name: 'sgd behind clipping by global norm',
    create: (learningRate) =>
      createOptimizer(chain(clipByGlobalNorm(0.5), scaleByLearningRate(learningRate))),
    torch: { optimizer: `${SGD})`, before: 'torch.nn.utils.clip_grad_norm_(weights, 0.5)' },
  },
  {
    name: 'sgd behind clipping by value',
    create: (learningRate) =>
      createOptimizer(chain(clipByValue(0.2), addDecayedWeights(0.01), scaleByLearningRate(learningRate))),
    torch: {
      optimizer: `${SGD}, weight_decay=0.01)`,
      before: 'torch.nn.utils.clip_grad_value_(weights, 0.2)',
    },
  },
]

const SHAPES = [
  [3, 3, 2, 4],
  [5, 6],
]
const STEPS = 6

/** Values that both languages are given; gradients are short in some steps and long in others. */
const values = (seed: number, shape: readonly number[]): number[] =>
  Array.from(
    formulaValues(
      seed,
      shape.reduce((product, length) => product * length, 1),
    ),
  )
const gradientValues = SHAPES.map((shape, i) =>
  Array.from({ length: STEPS }, (_, step) =>
    values(10 * i + step + 3, shape).map((value) => value * 2 ** -step),
  ),
)

function network(): Parameter[] {
  return SHAPES.map((shape, i) => ({
    name: `kernel${i}`,
    role: 'kernel',
    value: tidy(() => variable(tensor(values(i + 1, shape), shape))),
    trainable: true,
  }))
}

function train(optimizer: Optimizer, parameters: Parameter[], steps: number, first = 0): void {
  for (let step = first; step < first + steps; step++) {
    const gradients = SHAPES.map((shape, i) => tensor(gradientValues[i]![step]!, shape))
    try {
      optimizer.update(parameters, gradients)
    } finally {
      dispose(gradients)
    }
  }
}

function dispose(tensors: readonly Tensor[]): void {
  for (const each of tensors) each.dispose()
}

const valuesOf = (parameters: readonly Parameter[]): number[][] =>
  parameters.map(({ value }) => [...value.dataSync()])

describe.each(rows)('$name', ({ create, torch }) => {
  test('equals PyTorch', ({ skip }) => {
    const python = pythonWith('torch')
    if (torch === undefined) return skip('PyTorch has no such optimizer; the official code is the reference')
    if (python === undefined) return skip('no Python with torch')
    const script = `
import json, sys, torch
start, gradients = json.loads(sys.stdin.read() if len(sys.argv) < 2 else sys.argv[1])
weights = [torch.nn.Parameter(torch.tensor(w, dtype=torch.float64)) for w in start]
optimizer = ${torch.optimizer}
for step in range(${STEPS}):
    for weight, steps in zip(weights, gradients):
        weight.grad = torch.tensor(steps[step], dtype=torch.float64)
    ${torch.before ?? ''}
    optimizer.step()
print(json.dumps([w.tolist() for w in weights]))`
    const start = SHAPES.map((shape, i) => values(i + 1, shape))
    const expected = JSON.parse(runPython(python, script, [JSON.stringify([start, gradientValues])]))
    const parameters = network()
    const optimizer = create(0.1)
    train(optimizer, parameters, STEPS)
    parameters.forEach(({ value }, i) => {
      expect(value).toBeAllClose(expected[i], { absolute: 2e-6 })
    })
    optimizer.dispose()
    dispose(parameters.map(({ value }) => value))
  })

  test('a stored state continues bit for bit', () => {
    const parameters = network()
    const optimizer = create((step) => 0.1 / (1 + step))
    train(optimizer, parameters, 3)
    const stored = optimizer.state().map(({ name, value }) => {
      const copy = tensor(value.dataSync(), value.shape, value.dtype)
      value.dispose()
      return { name, value: copy }
    })
    const weights = valuesOf(parameters)
    train(optimizer, parameters, 3, 3)
    const resumed = create((step) => 0.1 / (1 + step))
    const restored = network()
    restored.forEach(({ value }, i) => {
      tidy(() => value.assign(tensor(weights[i]!, value.shape)))
    })
    resumed.load(stored)
    train(resumed, restored, 3, 3)
    expect(valuesOf(restored)).toEqual(valuesOf(parameters))
    for (const each of [optimizer, resumed]) each.dispose()
    dispose([...parameters, ...restored, ...stored].map(({ value }) => value))
  })

  test('never changes what somebody else holds', () => {
    const parameters = network()
    const optimizer = create(0.1)
    train(optimizer, parameters, 2)
    const held = parameters.map(({ value }) => value.clone())
    const views = parameters.map(({ value }) => reshape(value, [-1]))
    const turned = parameters.map(({ value }) => transpose(value))
    const state = optimizer.state().map(({ value }) => value)
    const before = [...held, ...views, ...turned, ...state].map((value) => [...value.dataSync()])
    train(optimizer, parameters, 2, 2)
    expect([...held, ...views, ...turned, ...state].map((value) => [...value.dataSync()])).toEqual(before)
    expect(valuesOf(parameters)).not.toEqual(before.slice(0, parameters.length))
    optimizer.dispose()
    dispose([...held, ...views, ...turned, ...state, ...parameters.map(({ value }) => value)])
  })

  test('leaks no tensor', () => {
    expect(() => {
      const parameters = network()
      const optimizer = create(0.1)
      train(optimizer, parameters, 3)
      optimizer.dispose()
      dispose(parameters.map(({ value }) => value))
    }).toLeakNoTensors()
  })

  test('refuses a rate that is not finite, and changes nothing', () => {
    expect(() => create(Number.POSITIVE_INFINITY)).toThrow('learningRate at step 0')
    const parameters = network()
    const optimizer = create((step) => (step === 1 ? Number.NaN : 0.1))
    train(optimizer, parameters, 1)
    const [before, tensors] = [valuesOf(parameters), memory().numTensors]
    expect(() => train(optimizer, parameters, 1, 1)).toThrow('learningRate at step 1')
    expect(valuesOf(parameters)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
    expect(optimizer.step).toBe(1)
    optimizer.dispose()
    dispose(parameters.map(({ value }) => value))
  })
})
