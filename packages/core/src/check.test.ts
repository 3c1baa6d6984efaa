import { describe, expect, it } from 'vitest'
import { checkInteger, checkPositive, checkRange, checkShape, nearestWord } from './check.ts'

describe('checks', () => {
  it('accept what they should', () => {
    checkPositive('a', 1e-9)
    checkInteger('a', 3, 3)
    checkRange('a', 0.5, 0, 1)
    checkShape('a', [4, 3], [-1, 3])
  })

  it.each([
    ['zero', () => checkPositive('f: x', 0), 'f: x: must be a positive number, got 0.'],
    ['NaN', () => checkPositive('f: x', Number.NaN), 'f: x: must be a positive number, got NaN.'],
    [
      'infinity',
      () => checkPositive('f: x', Number.POSITIVE_INFINITY),
      'f: x: must be a positive number, got Infinity.',
    ],
    [
      'a fraction',
      () => checkInteger('f: n', 1.5, 1),
      'f: n: must be a whole number of at least 1, got 1.5.',
    ],
    [
      'too few',
      () => checkInteger('f: n', 0, 1, 'Add one.'),
      'f: n: must be a whole number of at least 1, got 0. Add one.',
    ],
    ['out of range', () => checkRange('f: p', 1.2, 0, 1), 'f: p: must be a number between 0 and 1, got 1.2.'],
    [
      'a wrong size',
      () => checkShape('f: t', [4, 2], [-1, 3]),
      'f: t: must be a tensor of shape [any, 3], got shape [4, 2].',
    ],
    [
      'a wrong rank',
      () => checkShape('f: t', [4], [-1, 3]),
      'f: t: must be a tensor of shape [any, 3], got shape [4].',
    ],
  ])('refuse %s', (_, run, message) => {
    expect(run).toThrow(message)
  })
})

describe('nearestWord', () => {
  it('finds a misspelling and nothing for an unrelated word', () => {
    const words = ['temperature', 'learningRate', 'batchSize']
    expect(nearestWord('temprature', words)).toBe('temperature')
    expect(nearestWord('batchsize', words)).toBe('batchSize')
    expect(nearestWord('colour', words)).toBeUndefined()
  })
})
