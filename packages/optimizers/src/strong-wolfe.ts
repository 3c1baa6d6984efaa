/** Line search for the strong Wolfe conditions (Nocedal & Wright 2006, algorithms 3.5 and 3.6). */

/** The objective along the search direction. */
export interface Trial {
  readonly step: number
  readonly value: number
  /** Derivative along the direction. */
  readonly slope: number
}

export interface StrongWolfeOptions {
  /** First step to try. */
  readonly step: number
  /** Differences of values up to this much are rounding and count as no change. */
  readonly noise: number
  /** c₁. Default 1e-4. */
  readonly sufficientDecrease?: number
  /** c₂. Default 0.9. */
  readonly curvature?: number
  /** Default 25. */
  readonly maxEvaluations?: number
}

/**
 * Finds a step t with value(t) ≤ value(0) + c₁·t·slope(0) and |slope(t)| ≤ c₂·|slope(0)|.
 *
 * @param evaluate The objective at a step; a value that is not finite counts as too large.
 * @param start The trial at step 0; its slope is negative.
 * @returns The trial that meets both conditions; failing that the best one with a sufficient decrease, if any.
 */
export async function strongWolfe<T extends Trial>(
  evaluate: (step: number) => Promise<T>,
  start: Trial,
  { step, noise, sufficientDecrease = 1e-4, curvature = 0.9, maxEvaluations = 25 }: StrongWolfeOptions,
): Promise<T | undefined> {
  let low: Trial = start
  let high: Trial | undefined
  let best: T | undefined
  let next = step
  for (let evaluation = 0; evaluation < maxEvaluations; evaluation++) {
    const trial = await evaluate(next)
    const decreases = trial.value <= start.value + sufficientDecrease * trial.step * start.slope + noise
    if (decreases && trial.value <= low.value + noise) {
      best = trial
      if (Math.abs(trial.slope) <= -curvature * start.slope) return trial
      const towardsHigh = high === undefined ? 1 : Math.sign(high.step - low.step)
      if (trial.slope * towardsHigh >= 0) high = low
      low = trial
    } else {
      high = trial
    }
    next = high === undefined ? 2 * trial.step : between(low, high)
  }
  return best
}

/** The minimum of the cubic through both trials, kept a tenth of the interval away from its ends. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - low.slope * high.slope)
  const share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2)
  return low.step + width * (Number.isFinite(share) ? Math.min(Math.max(share, 0.1), 0.9) : 0.5)
}
