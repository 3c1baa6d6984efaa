/** Limited-memory BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5), for smooth full-batch objectives. */
import { checkInteger, checkRange, SimclrError } from '@simclr/core'
import { strongWolfe, type Trial } from './strong-wolfe.ts'

/** A function's value and gradient at a point. */
export interface Evaluation {
  readonly value: number
  readonly gradient: Float64Array
  /**
   * What the tolerance is compared with. Default: the largest magnitude of the gradient's elements. For objectives whose
   * variables are changed, where the gradient of the original ones must become small.
   */
  readonly gradientNorm?: number
}

export interface LbfgsOptions {
  /** Stop when the gradient's norm, see {@link Evaluation.gradientNorm}, is not larger than this. Default 1e-6. */
  readonly tolerance?: number
  /** Default 1000. */
  readonly maxIterations?: number
  /** Pairs of steps and gradient changes to remember. Default 10. */
  readonly history?: number
  /** Relative error of the objective's values: 1e-15 (default) in float64, 1e-7 where they come from float32. */
  readonly precision?: number
}

export interface LbfgsResult {
  readonly point: Float64Array
  readonly value: number
  /** See {@link Evaluation.gradientNorm}. */
  readonly gradientNorm: number
  readonly iterations: number
  /** Calls of the objective. */
  readonly evaluations: number
  /** Why it stopped; `'stalled'` means that rounding hides any further decrease. */
  readonly stopped: 'tolerance' | 'stalled' | 'iterations'
}

/** Iterations without a lower value or gradient after which the search has stalled. */
const PATIENCE = 20

interface Correction {
  readonly step: Float64Array
  readonly change: Float64Array
  /** 1 / (step · change). */
  readonly rho: number
}

interface PointTrial extends Trial {
  readonly point: Float64Array
  readonly gradient: Float64Array
  readonly gradientNorm: number
}

/**
 * Minimises `objective` from `start`. Pure: the start is not changed.
 *
 * @param objective May return a promise, for gradients computed on an engine.
 * @throws SimclrError if an option is out of range, or the objective is not finite at the start.
 * @example
 * const parabola = ([x]: Float64Array) => ({ value: (x! - 3) ** 2, gradient: Float64Array.of(2 * (x! - 3)) })
 * const { point } = await lbfgs(parabola, Float64Array.of(0)) // [3]
 */
export async function lbfgs(
  objective: (point: Float64Array) => Evaluation | Promise<Evaluation>,
  start: Float64Array,
  { tolerance = 1e-6, maxIterations = 1000, history = 10, precision = 1e-15 }: LbfgsOptions = {},
): Promise<LbfgsResult> {
  checkRange('lbfgs: tolerance', tolerance, 0, Number.MAX_VALUE)
  checkInteger('lbfgs: maxIterations', maxIterations, 0)
  checkInteger('lbfgs: history', history, 1)
  checkRange('lbfgs: precision', precision, 0, 1)

  let evaluations = 1
  let point: Float64Array = start.slice()
  const measure = async (at: Float64Array): Promise<Required<Evaluation>> => {
    const { value, gradient, gradientNorm = largest(gradient) } = await objective(at)
    return { value, gradient, gradientNorm }
  }
  let { value, gradient, gradientNorm } = await measure(point)
  if (!Number.isFinite(value) || !Number.isFinite(largest(gradient))) {
    throw new SimclrError({
      parameter: 'lbfgs: objective',
      expected: 'finite at the start, in value and gradient',
      received: `value ${value}, largest gradient ${largest(gradient)}`,
    })
  }
  const corrections: Correction[] = []
  const result = (iterations: number, stopped: LbfgsResult['stopped']): LbfgsResult => ({
    point,
    value,
    gradientNorm,
    iterations,
    evaluations,
    stopped,
  })

  const hasStalled = stallDetector(precision)
  for (let iteration = 0; ; iteration++) {
    if (gradientNorm <= tolerance) return result(iteration, 'tolerance')
    if (iteration === maxIterations) return result(iteration, 'iterations')
    if (hasStalled(value, gradientNorm)) return result(iteration, 'stalled')
    const direction = descentDirection(gradient, corrections)
    const origin = point
    const evaluate = async (step: number): Promise<PointTrial> => {
      evaluations += 1
      const candidate = origin.map((x, i) => x + step * direction[i]!)
      const there = await measure(candidate)
      return { step, point: candidate, ...there, slope: dot(there.gradient, direction) }
    }
    const found = await strongWolfe(
      evaluate,
      { step: 0, value, slope: dot(gradient, direction) },
      {
        step: corrections.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1,
        noise: precision * Math.abs(value),
      },
    )
    if (found === undefined) {
      if (corrections.length === 0) return result(iteration, 'stalled')
      corrections.length = 0
      continue
    }
    remember(corrections, history, subtract(found.point, point), subtract(found.gradient, gradient))
    ;({ point, value, gradient, gradientNorm } = found)
  }
}

/** Tells, iteration by iteration, whether neither the value nor the gradient has become lower for a while. */
function stallDetector(precision: number): (value: number, gradientNorm: number) => boolean {
  let lowestValue = Number.POSITIVE_INFINITY
  let lowestNorm = Number.POSITIVE_INFINITY
  let idle = 0
  return (value, gradientNorm) => {
    const lower = value < lowestValue - precision * Math.abs(value) || gradientNorm < lowestNorm
    if (lower) {
      lowestValue = Math.min(value, lowestValue)
      lowestNorm = Math.min(gradientNorm, lowestNorm)
    }
    idle = lower ? 0 : idle + 1
    return idle >= PATIENCE
  }
}

/** −H·gradient by the two-loop recursion. */
function descentDirection(gradient: Float64Array, corrections: readonly Correction[]): Float64Array {
  const direction = gradient.map((g) => -g)
  const weights = new Map<Correction, number>()
  for (const correction of corrections.toReversed()) {
    const weight = correction.rho * dot(correction.step, direction)
    weights.set(correction, weight)
    addScaled(direction, -weight, correction.change)
  }
  const newest = corrections.at(-1)
  if (newest !== undefined) {
    const scale = 1 / (newest.rho * dot(newest.change, newest.change))
    direction.forEach((d, i) => {
      direction[i] = d * scale
    })
  }
  for (const correction of corrections) {
    const weight = weights.get(correction)! - correction.rho * dot(correction.change, direction)
    addScaled(direction, weight, correction.step)
  }
  return direction
}

/** Keeps the pair if it has positive curvature, which holds unless rounding spoilt it. */
function remember(
  corrections: Correction[],
  history: number,
  step: Float64Array,
  change: Float64Array,
): void {
  const curvature = dot(step, change)
  if (!(curvature > Number.EPSILON * dot(change, change))) return
  corrections.push({ step, change, rho: 1 / curvature })
  if (corrections.length > history) corrections.shift()
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!
  return total
}

function addScaled(target: Float64Array, scale: number, x: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += scale * x[i]!
}

function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, i) => x - b[i]!)
}

function largest(x: Float64Array): number {
  return x.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
