import { tensor, tidy, variable } from '@tensorflow/tfjs-core'
import { afterEach, expect, test } from 'vitest'
import { exponentialMovingAverage, type NamedVariable } from './exponential-moving-average.ts'

const kernel: NamedVariable = { name: 'kernel', value: tidy(() => variable(tensor([1, 2]))) }
const mean: NamedVariable = { name: 'mean', value: tidy(() => variable(tensor([10]))) }
const both = [kernel, mean]
const set = (a: number[], b: number[]): void =>
  tidy(() => {
    kernel.value.assign(tensor(a))
    mean.value.assign(tensor(b))
  })
const shown = (): number[][] => both.map(({ value }) => [...value.dataSync()])
afterEach(() => set([1, 2], [10]))

test('starts with the values, then follows them', () => {
  const average = exponentialMovingAverage({ decay: 0.75 })
  average.update(both)
  set([5, -2], [30])
  average.update(both)
  average.swap(both)
  expect(shown()).toEqual([[2, 1], [15]])
  average.swap(both)
  expect(shown()).toEqual([[5, -2], [30]])
  expect(average.step).toBe(2)
  average.dispose()
})

test('with warm-up, early values are soon forgotten', () => {
  const average = exponentialMovingAverage({ decay: 0.999, warmup: true })
  average.update([mean])
  set([1, 2], [21])
  average.update([mean])
  average.swap([mean])
  expect(mean.value).toBeAllClose([10 * (2 / 11) + 21 * (9 / 11)], { relative: 1e-6 })
  average.dispose()
})

test('goes on bit for bit from a snapshot, which later updates leave alone', () => {
  const [average, resumed] = [
    exponentialMovingAverage({ decay: 0.9 }),
    exponentialMovingAverage({ decay: 0.9 }),
  ]
  average.update(both)
  const snapshot = average.state()
  resumed.load(snapshot)
  for (const each of [average, resumed]) {
    set([0.3, 0.7], [0.1])
    each.update(both)
    each.swap(both)
  }
  const [first, second] = [average.state(), resumed.state()]
  expect(second.map(({ value }) => [...value.dataSync()])).toEqual(
    first.map(({ value }) => [...value.dataSync()]),
  )
  expect(snapshot.map(({ value }) => [...value.dataSync()])).toEqual([[1], [1, 2], [10]])
  for (const { value } of [...snapshot, ...first, ...second]) value.dispose()
  for (const each of [average, resumed]) each.dispose()
})

test('leaks no tensor', () => {
  expect(() => {
    const average = exponentialMovingAverage()
    for (let i = 0; i < 3; i++) average.update(both)
    average.swap(both)
    average.dispose()
  }).toLeakNoTensors()
})

test('rejects other variables, other snapshots and a decay out of range', () => {
  const average = exponentialMovingAverage()
  average.update(both)
  expect(() => average.update([kernel])).toThrow('unexpected: mean')
  expect(() => average.swap([kernel])).toThrow('swap: variables')
  expect(() => average.load([])).toThrow('"step"')
  const step = { name: 'step', value: tensor(3, [], 'int32') }
  expect(() => average.load([step, kernel])).toThrow('missing: mean')
  expect(average.step).toBe(1)
  expect(() => exponentialMovingAverage({ decay: 1.5 })).toThrow('decay')
  step.value.dispose()
  average.dispose()
})
