import type { Parameter } from '@simclr/core'
import { tensor, variable } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { adam } from './adam.ts'
import { chain } from './chain.ts'
import type { Optimizer } from './create-optimizer.ts'
import { momentum } from './momentum.ts'
import { sgd } from './sgd.ts'

const gradients = [0.5, -2, 3, 0.25]
const rates = [1, 0.5, 0.25, 2]
const rate = (step: number): number => rates[step]!

/** Runs the four updates on one kernel of value 1. */
function run(optimizer: Optimizer): number {
  const value = variable(tensor([1]))
  const parameter: Parameter = { name: 'w', role: 'kernel', value, trainable: true }
  for (const gradient of gradients) optimizer.update([parameter], [tensor([gradient])])
  return value.dataSync()[0]!
}

test.each([
  [0.9, false, 0.1],
  [0.9, true, 0],
  [0, false, 0.1],
])(
  'sgd with momentum %f, Nesterov %s, decay %f equals its formula in float64',
  (decay, nesterov, weightDecay) => {
    let [w, v] = [1, 0]
    gradients.forEach((gradient, step) => {
      const scaled = rate(step) * (gradient + weightDecay * w)
      v = decay * v + scaled
      w -= nesterov ? decay * v + scaled : v
    })
    expect(run(sgd({ learningRate: rate, momentum: decay, nesterov, weightDecay }))).toBeCloseTo(w, 5)
  },
)

test('adam equals algorithm 1 of its paper in float64', () => {
  let [w, m, v] = [1, 0, 0]
  gradients.forEach((gradient, step) => {
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient ** 2
    w -= (rate(step) * (m / (1 - 0.9 ** (step + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-8)
  })
  expect(run(adam({ learningRate: rate }))).toBeCloseTo(w, 4)
})

test('chain rejects two transforms with one slot', () => {
  expect(() => chain(momentum(), momentum())).toThrow('"momentum" twice')
})
