import { expect, test } from 'vitest'
import { regularizationPath } from './regularization-path.ts'

test('has 45 values from 1e-6 to 1e5 a quarter of a decade apart, as the paper', () => {
  const path = regularizationPath()
  expect(path).toHaveLength(45)
  expect(path[0]).toBeCloseTo(1e-6, 18)
  expect(path).toBeAllClose(
    path.map((_, i) => 10 ** (-6 + i / 4)),
    { relative: 1e-12 },
  )
})

test.each([
  [{ count: 1 }, 'count'],
  [{ from: 0 }, 'from'],
  [{ from: 2, to: 1 }, 'to'],
  [{ to: Number.POSITIVE_INFINITY }, 'to'],
])('rejects %o', (options, message) => {
  expect(() => regularizationPath(options)).toThrow(`regularizationPath: ${message}`)
})
