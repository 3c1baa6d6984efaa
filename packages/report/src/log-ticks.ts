/** Ticks of a logarithmic axis at 1, 2 and 5 times the powers of ten, or at the powers alone where it is long. */
import { SimclrError } from '@simclr/core'
import type { AxisTicks } from './axis-ticks.ts'
import { formatNumber } from './format-number.ts'

const MOST_DECADES = 3

/**
 * Ticks within `[low, high]`, which need not be ends of the axis. A range without any gets its two ends.
 *
 * @throws SimclrError unless 0 < low ≤ high < ∞.
 */
export function logTicks(low: number, high: number): AxisTicks {
  if (!(low > 0 && low <= high && high < Infinity)) {
    throw new SimclrError({
      parameter: 'logTicks',
      expected: '0 < low ≤ high < ∞',
      received: `low ${low}, high ${high}`,
    })
  }
  const steps = Math.log10(high / low) > MOST_DECADES ? [1] : [1, 2, 5]
  const first = Math.floor(Math.log10(low))
  const count = Math.ceil(Math.log10(high)) - first + 1
  const nice = Array.from({ length: count }, (_, i) => 10 ** (first + i))
    .flatMap((power) => steps.map((step) => Number((step * power).toPrecision(1))))
    .filter((value) => value >= low && value <= high)
  const values = nice.length >= 2 ? nice : [...new Set([low, high])]
  return { values, labels: values.map(tickLabel) }
}

/** Without the zeros at the end that other numbers get to line up. */
function tickLabel(value: number): string {
  return formatNumber(value)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}
