/**
 * A share as a percentage with one decimal: 0.6531 is `65.3%`.
 *
 * @param share In [0, 1].
 * @returns A dash for what is not finite.
 */
export function formatPercent(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)}%` : '–'
}
