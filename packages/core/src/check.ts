/** Argument checks shared by every package; each throws a {@link SimclrError} that names the argument. */
import { SimclrError } from './errors.ts'

/** @throws SimclrError unless `value` is a finite number above 0. */
export function checkPositive(parameter: string, value: number, remedy?: string): void {
  if (Number.isFinite(value) && value > 0) return
  fail(parameter, 'a positive number', value, remedy)
}

/** @throws SimclrError unless `value` is a whole number of at least `minimum`. */
export function checkInteger(parameter: string, value: number, minimum: number, remedy?: string): void {
  if (Number.isInteger(value) && value >= minimum) return
  fail(parameter, `a whole number of at least ${minimum}`, value, remedy)
}

/** @throws SimclrError unless `low <= value <= high`. */
export function checkRange(
  parameter: string,
  value: number,
  low: number,
  high: number,
  remedy?: string,
): void {
  if (value >= low && value <= high) return
  fail(parameter, `a number between ${low} and ${high}`, value, remedy)
}

/**
 * Checks a shape against a pattern in which -1 stands for any size.
 *
 * @throws SimclrError unless rank and sizes agree, e.g. `checkShape('knn: features', [5, 3], [-1, -1])`.
 */
export function checkShape(
  parameter: string,
  shape: readonly number[],
  pattern: readonly number[],
  remedy?: string,
): void {
  const agrees =
    shape.length === pattern.length && pattern.every((size, i) => size === -1 || size === shape[i])
  if (agrees) return
  const wanted = pattern.map((size) => (size === -1 ? 'any' : String(size))).join(', ')
  throw new SimclrError({
    parameter,
    expected: `a tensor of shape [${wanted}]`,
    received: `shape [${shape.join(', ')}]`,
    ...(remedy === undefined ? {} : { remedy }),
  })
}

/**
 * The candidate nearest to `word` by edit distance, for "did you mean" remedies.
 *
 * @returns undefined if nothing is close (more than half of the letters differ).
 */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.floor(Math.max(word.length, 2) / 2) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substitution, previous[j]! + 1, row[j - 1]! + 1))
    }
    previous = row
  }
  return previous[b.length]!
}

function fail(parameter: string, expected: string, value: unknown, remedy?: string): never {
  throw new SimclrError({
    parameter,
    expected,
    received: typeof value === 'string' ? `"${value}"` : String(value),
    ...(remedy === undefined ? {} : { remedy }),
  })
}
