/** The hyper-parameters that fine-tuning is searched over (SimCLR appendix B.8). */

/** What one run of the search trains with. */
export interface FineTuneSettings {
  /** At the start; a cosine takes it to 0. */
  readonly learningRate: number
  /**
   * As `fineTune` takes it: g ← g + weightDecay·w, then times the learning rate. The protocol divides the decays of its
   * list by the learning rate, so that a step at the full rate adds the listed decay · w to the velocity.
   */
  readonly weightDecay: number
}

export interface FineTuneGrid {
  /** Learning rates in rising order, and for each the decays. */
  readonly runs: readonly FineTuneSettings[]
  /** Updates of each run. */
  readonly steps: number
}

export interface FineTuneGridOptions {
  /** Whether encoders start from pretrained weights, or from random ones: then rates, decays and steps are larger. */
  readonly pretrained: boolean
  /** `'paper'` (default): all 56 runs; `'small'`: 6 of them. */
  readonly size?: 'paper' | 'small'
}

/**
 * Pretrained: 7 learning rates from 1e-4 to 0.1, each with 7 decays from 1e-6 to 1e-3 and with none; 20,000 steps.
 * Random weights: 7 learning rates from 1e-3 to 1, each with 8 decays from 1e-5 to 10^-1.5; 40,000 steps.
 *
 * @example
 * const { runs, steps } = fineTuneGrid({ pretrained: true, size: 'small' })
 */
export function fineTuneGrid({ pretrained, size = 'paper' }: FineTuneGridOptions): FineTuneGrid {
  const { steps, ...choices } = pretrained ? PRETRAINED : RANDOM
  const { learningRates, decays } = choices[size]
  const runs = learningRates.flatMap((learningRate) =>
    decays.map((decay) => ({ learningRate, weightDecay: decay / learningRate })),
  )
  return { runs, steps }
}

const PRETRAINED = {
  paper: { learningRates: halfDecades(-4, 7), decays: [0, ...halfDecades(-6, 7)] },
  small: { learningRates: [1e-3, 1e-2, 1e-1], decays: [0, 1e-4] },
  steps: 20_000,
}

const RANDOM = {
  paper: { learningRates: halfDecades(-3, 7), decays: halfDecades(-5, 8) },
  small: { learningRates: [1e-2, 1e-1, 1], decays: [1e-4, 1e-3] },
  steps: 40_000,
}

/** `count` values from 10^first, each √10 times the one before. */
function halfDecades(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => 10 ** (first + i / 2))
}
