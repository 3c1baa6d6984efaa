import { SimclrError } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { parseMetrics } from './parse-metrics.ts'

const step = (number: number, loss: number | null = 5): string =>
  JSON.stringify({
    event: 'step',
    step: number,
    epoch: number / 50,
    loss,
    contrastiveAccuracy: 0.5,
    contrastiveEntropy: 2,
    learningRate: 0.3,
    viewsPerSecond: 1500,
    seconds: number,
  })
const knn = (number: number, accuracy: number): string =>
  JSON.stringify({ event: 'knn', step: number, epoch: number / 50, accuracy })

describe('parseMetrics', () => {
  it('reads steps and evaluations and passes over other events', () => {
    const text = [knn(0, 0.31), step(1, 5.5), '{"event":"checkpoint","path":"a"}', '', knn(50, 0.5)].join(
      '\n',
    )
    expect(parseMetrics(`${text}\n`)).toEqual({
      steps: [
        {
          step: 1,
          epoch: 0.02,
          loss: 5.5,
          contrastiveAccuracy: 0.5,
          contrastiveEntropy: 2,
          learningRate: 0.3,
          viewsPerSecond: 1500,
        },
      ],
      evaluations: [
        { step: 0, epoch: 0, accuracy: 0.31 },
        { step: 50, epoch: 1, accuracy: 0.5 },
      ],
    })
  })

  it('reads the accuracy of an online probe', () => {
    const text = step(1).replace('"seconds"', '"probeAccuracy":0.25,"seconds"')
    expect(parseMetrics(text).steps[0]).toHaveProperty('probeAccuracy', 0.25)
    expect(parseMetrics(step(1)).steps[0]).not.toHaveProperty('probeAccuracy')
  })

  it('is empty for an empty file', () => {
    expect(parseMetrics('')).toEqual({ steps: [], evaluations: [] })
  })

  it('lets the last of a repeated step count, in the order of steps', () => {
    const { steps } = parseMetrics([step(1, 9), step(2, 8), step(3, 7), step(2, 6), step(3, 5)].join('\n'))
    expect(steps.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 9],
      [2, 6],
      [3, 5],
    ])
  })

  it('reads null as NaN', () => {
    expect(parseMetrics(step(1, null)).steps[0]!.loss).toBeNaN()
  })

  it('tolerates any cut in the last line', () => {
    const last = step(2)
    for (let length = 0; length < last.length; length++) {
      const { steps } = parseMetrics(`${step(1)}\n${last.slice(0, length)}`)
      expect(steps).toHaveLength(1)
    }
    expect(parseMetrics(`${step(1)}\n${last}`).steps).toHaveLength(2)
  })

  it.each([
    ['a cut-off line inside the file', `${step(1)}\n{"event":"st\n${step(3)}\n`, 2],
    ['a cut-off line that was ended', `${step(1)}\n{"event":"st\n`, 2],
    ['a line that is no object', `[1]\n${step(1)}`, 1],
    ['an object without an event', `{"step":1}\n${step(1)}`, 1],
    ['a number that is text', `${step(1)}\n\n${step(2).replace('"loss":5', '"loss":"5"')}\n`, 3],
    ['a missing field', `${knn(0, 0.3).replace('"epoch":0,', '')}\n`, 1],
    ['a step that is null', `${step(1).replace('"step":1', '"step":null')}\n`, 1],
  ])('names the line of %s', (_, text, line) => {
    expect(() => parseMetrics(text)).toThrow(`parseMetrics: line ${line}:`)
    expect(() => parseMetrics(text)).toThrow(SimclrError)
  })
})
