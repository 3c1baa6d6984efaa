/** Assertions of this repository's tests: closeness of tensors, and no leaked tensors. */
import { memory, type Tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'

type Values = Tensor | ArrayLike<number>

interface Tolerance {
  /** Largest allowed |actual - expected|; default 0. */
  absolute?: number
  /** Largest allowed |actual - expected| / max|expected|; default 0. */
  relative?: number
}

declare module 'vitest' {
  interface Assertion<T> {
    /** Every element is within `absolute + relative * max|expected|`. */
    toBeAllClose(expected: Values, tolerance?: Tolerance): void
    /** Calling the function leaves the number of live tensors as it was. */
    toLeakNoTensors(): void
  }
}

expect.extend({
  toBeAllClose(actual: Values, expected: Values, { absolute = 0, relative = 0 }: Tolerance = {}) {
    const a = valuesOf(actual)
    const e = valuesOf(expected)
    if (a.length !== e.length) {
      return { pass: false, message: () => `expected ${e.length} values, got ${a.length}` }
    }
    let largest = 0
    for (let i = 0; i < e.length; i++) largest = Math.max(largest, Math.abs(e[i]!))
    const limit = absolute + relative * largest
    let worst = 0
    for (let i = 0; i < e.length; i++) {
      if (distance(a[i]!, e[i]!) > distance(a[worst]!, e[worst]!)) worst = i
    }
    const difference = e.length === 0 ? 0 : distance(a[worst]!, e[worst]!)
    return {
      pass: difference <= limit,
      message: () =>
        `largest difference ${difference} at element ${worst} (got ${a[worst]}, expected ${e[worst]}), allowed ${limit}`,
    }
  },

  toLeakNoTensors(run: () => unknown) {
    run() // first call may fill caches
    const before = memory().numTensors
    const result = run()
    if (result instanceof Promise) throw new TypeError('toLeakNoTensors takes a synchronous function')
    const leaked = memory().numTensors - before
    return { pass: leaked === 0, message: () => `expected no leaked tensors, ${leaked} remained` }
  },
})

/** Infinite where one is not a number, 0 between equal infinities. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0
  const difference = Math.abs(a - b)
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
}

function valuesOf(values: Values): ArrayLike<number> {
  return 'dataSync' in values ? (values.dataSync() as ArrayLike<number>) : values
}
