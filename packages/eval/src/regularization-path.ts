/** Strengths of the penalty that linear evaluation chooses among (Kornblith et al. 2019; SimCLR appendix B.8). */
import { checkInteger, checkRange } from '@simclr/core'

export interface RegularizationPathOptions {
  /** At least 2. Default 45. */
  readonly count?: number
  /** Smallest λ, above 0. Default 1e-6. */
  readonly from?: number
  /** Largest λ. Default 1e5. */
  readonly to?: number
}

/**
 * @returns Values of λ from small to large, at equal distances of their logarithms, both ends included.
 * @throws SimclrError if an option is out of range.
 * @example
 * regularizationPath({ count: 3, from: 0.01, to: 1 }) // [0.01, 0.1, 1]
 */
export function regularizationPath({
  count = 45,
  from = 1e-6,
  to = 1e5,
}: RegularizationPathOptions = {}): number[] {
  checkInteger('regularizationPath: count', count, 2)
  checkRange('regularizationPath: from', from, Number.MIN_VALUE, Number.MAX_VALUE)
  checkRange('regularizationPath: to', to, from, Number.MAX_VALUE)
  return Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1)
    return from ** (1 - share) * to ** share
  })
}
