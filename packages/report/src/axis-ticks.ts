/** Axis ticks at 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990). */

/** Ticks of one axis; the first and last are the ends of the axis. */
export interface AxisTicks {
  readonly values: readonly number[]
  readonly labels: readonly string[]
}

/**
 * Ticks that cover `[low, high]`.
 *
 * @param low Smallest value shown. @param high Largest value shown; if equal to `low` the axis widens around it.
 * @param count About how many intervals, default 4.
 * @param percent Label shares as percentages, default false.
 * @returns Two ticks or more, evenly spaced. Ends that are not finite give the axis from 0 to 1.
 */
export function axisTicks(low: number, high: number, count = 4, percent = false): AxisTicks {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return axisTicks(0, 1, count, percent)
  const centre = Math.max(Math.abs(low), Math.abs(high))
  if (high - low <= centre * 1e-9) {
    const margin = centre === 0 ? 1 : centre / 2
    return axisTicks(low < 0 ? low - margin : Math.max(0, low - margin), high + margin, count, percent)
  }
  const step = niceStep((high - low) / count)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const values = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
  return { values, labels: values.map((value) => tickLabel(value, decimals, percent)) }
}

/** The number of the form {1, 2, 5} · 10^n nearest to `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const fraction = rough / power
  const nice = fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10
  return nice * power
}

function tickLabel(value: number, decimals: number, percent: boolean): string {
  if (percent) return `${(value * 100).toFixed(Math.max(0, decimals - 2))}%`
  if (value === 0) return '0'
  if (decimals > 4 || Math.abs(value) >= 1e7) return value.toExponential().replace('e+', 'e')
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}
