import { RandomKey } from '@simclr/core'
import { readGoldenJson } from '@simclr/tools/testing'
import { describe, expect, it } from 'vitest'
import { elevenPointMeanAveragePrecision } from './eleven-point-map.ts'

interface Golden {
  voc2007: { scores: number[][]; labels: number[][]; ap_11point: number[]; mAP_11point: number }
}

const { voc2007 } = readGoldenJson<Golden>(new URL('./__fixtures__/08_eval.json', import.meta.url))
const classes = voc2007.ap_11point.length

/** The fixture writes absent classes as 0 and difficult ones as -1. */
const labelsOf = (marks: number[]): Int8Array => Int8Array.from(marks, (mark) => (mark === 1 ? 1 : -1 - mark))

/** The definition by its letter: at each recall, the largest precision of any cut of the ranking. */
function byDefinition(scores: Float32Array, labels: Int8Array): number {
  const kept = Array.from(scores, (score, i) => ({ score, label: labels[i]! })).filter(
    ({ label }) => label !== 0,
  )
  kept.sort((a, b) => b.score - a.score) // stable: ties keep their order
  const positives = kept.filter(({ label }) => label === 1).length
  const cuts = kept.map((_, i) => {
    const found = kept.slice(0, i + 1).filter(({ label }) => label === 1).length
    return { found, precision: found / (i + 1) }
  })
  const points = Array.from({ length: 11 }, (_, t) =>
    Math.max(0, ...cuts.filter(({ found }) => 10 * found >= t * positives).map(({ precision }) => precision)),
  )
  return points.reduce((a, b) => a + b) / 11
}

describe('elevenPointMeanAveragePrecision', () => {
  it('equals golden 08, with ties and difficult objects', () => {
    const scores = Float32Array.from(voc2007.scores.flat())
    const result = elevenPointMeanAveragePrecision(scores, labelsOf(voc2007.labels.flat()), classes)
    expect(result.perClass).toHaveLength(classes)
    result.perClass.forEach((value, c) => {
      expect(value).toBeCloseTo(voc2007.ap_11point[c]!, 14)
    })
    expect(result.mean).toBeCloseTo(voc2007.mAP_11point, 14)
  })

  it('equals the definition on random rankings of few, tied scores', () => {
    for (let trial = 0; trial < 200; trial++) {
      const key = RandomKey.fromSeed(trial)
      const scores = Float32Array.from({ length: 25 }, (_, i) => key.integer(i, 6))
      const labels = Int8Array.from({ length: 25 }, (_, i) => key.fold('label').integer(i, 3) - 1)
      labels[0] = 1
      const { mean } = elevenPointMeanAveragePrecision(scores, labels, 1)
      expect(mean).toBeCloseTo(byDefinition(scores, labels), 14)
    }
  })

  it('is 1 for a perfect ranking and keeps to any rising function of the scores', () => {
    const scores = Float32Array.of(0.9, 0.8, 0.3, 0.1)
    expect(elevenPointMeanAveragePrecision(scores, Int8Array.of(1, 1, -1, -1), 1).mean).toBe(1)
    const labels = Int8Array.of(-1, 1, -1, 1)
    const { mean } = elevenPointMeanAveragePrecision(scores, labels, 1)
    expect(mean).toBeCloseTo(0.5, 14)
    expect(elevenPointMeanAveragePrecision(scores.map(Math.exp), labels, 1).mean).toBe(mean)
  })

  it('ranks the earlier image first among ties', () => {
    const scores = Float32Array.of(1, 1)
    expect(elevenPointMeanAveragePrecision(scores, Int8Array.of(1, -1), 1).mean).toBe(1)
    expect(elevenPointMeanAveragePrecision(scores, Int8Array.of(-1, 1), 1).mean).toBeCloseTo(0.5, 14)
  })

  it('leaves a class without a positive out of the mean', () => {
    const { mean, perClass } = elevenPointMeanAveragePrecision(
      Float32Array.of(1, 5, 2, 4),
      Int8Array.of(1, -1, -1, 0),
      2,
    )
    expect(Array.from(perClass)).toEqual([0.5 + 0, Number.NaN])
    expect(mean).toBe(0.5)
  })

  it.each([
    [Float32Array.of(1, Number.NaN), [1, 0], 'NaN for class 1 in row 0'],
    [Float32Array.of(1, 2), [1], '2, one per score'],
    [Float32Array.of(1, 2), [1, 2], 'a 2'],
    [Float32Array.of(1, 2), [0, -1], 'got no 1'],
    [Float32Array.of(1, 2, 3), [0, 1, 1], '2 a row, at least one row, got 3 scores'],
  ])('rejects scores %s with labels %s', (scores, labels, message) => {
    expect(() => elevenPointMeanAveragePrecision(scores, Int8Array.from(labels), 2)).toThrow(message)
  })
})
