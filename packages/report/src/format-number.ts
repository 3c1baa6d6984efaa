/** Numbers as people read them. */

/**
 * About four significant digits: `12,340`, `153.2`, `4.213`, `0.0750`, `3.2e-4`; whole numbers as they are.
 *
 * @returns A dash for what is not finite.
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e7) return value.toLocaleString('en-US')
  if (size < 1e-3 || size >= 1e7) return value.toExponential(1)
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
  if (size >= 100) return value.toFixed(1)
  return value.toPrecision(size >= 1 ? 4 : 3)
}
