/**
 * Exact t-SNE (van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 2008) for about a thousand points.
 *
 * Starts from given coordinates, as Kobak and Berens ("The art of using t-SNE", 2019) advise, and takes the learning
 * rate from the number of points (Belkina and others, 2019, but at least 50, as scikit-learn does): no random number
 * is left.
 */

/** Options of {@link tSne}. */
export interface TSneOptions {
  /** Effective number of neighbours of each point, default 30; at most a third of the points. */
  readonly perplexity?: number
  /** Steps of gradient descent, default 750. */
  readonly iterations?: number
}

const EXAGGERATION = 12
const EXAGGERATED_ITERATIONS = 250

/** Points in the plane. */
interface Plane {
  readonly x: Float64Array
  readonly y: Float64Array
}

/**
 * @param squaredDistances `[n, n]`, row by row.
 * @param start The first layout, of any scale.
 * @returns New coordinates of the n points. Time grows with n²: about 3 s for 1,000 points.
 */
export function tSne(squaredDistances: Float64Array, start: Plane, options: TSneOptions = {}): Plane {
  const { perplexity = 30, iterations = 750 } = options
  const count = start.x.length
  const affinities = jointAffinities(squaredDistances, count, Math.min(perplexity, (count - 1) / 3))
  const scale = 1e-4 / (spread(start.x) || 1)
  const points: Plane = { x: start.x.map((v) => v * scale), y: start.y.map((v) => v * scale) }
  const axes = [newDescent(points.x), newDescent(points.y)] as const
  const learningRate = Math.max(count / EXAGGERATION / 4, 50)
  for (let i = 0; i < iterations; i++) {
    const early = i < EXAGGERATED_ITERATIONS
    const gradient = costGradient(affinities, points, early ? EXAGGERATION : 1)
    descend(axes[0], gradient.x, learningRate, early ? 0.5 : 0.8)
    descend(axes[1], gradient.y, learningRate, early ? 0.5 : 0.8)
  }
  return points
}

/** p(ij) = (p(j|i) + p(i|j)) / 2n, each p(·|i) a Gaussian as wide as the perplexity asks. */
function jointAffinities(squaredDistances: Float64Array, count: number, perplexity: number): Float64Array {
  const conditional = new Float64Array(count * count)
  for (let i = 0; i < count; i++) {
    const row = squaredDistances.subarray(i * count, (i + 1) * count)
    conditional.set(conditionalAffinities(row, i, perplexity), i * count)
  }
  return conditional.map((value, index) => {
    const mirrored = (index % count) * count + Math.floor(index / count)
    return (value + conditional[mirrored]!) / (2 * count)
  })
}

/** Bisection for the precision at which the distribution's entropy is log(perplexity). */
function conditionalAffinities(distances: Float64Array, self: number, perplexity: number): Float64Array {
  const nearest = distances.reduce((low, d, j) => (j === self ? low : Math.min(low, d)), Infinity)
  const affinities = new Float64Array(distances.length)
  let precision = 1
  let low = 0
  let high = Infinity
  for (let attempt = 0; attempt < 60; attempt++) {
    let sum = 0
    let weighted = 0
    for (let j = 0; j < distances.length; j++) {
      const distance = distances[j]! - nearest
      const affinity = j === self ? 0 : Math.exp(-precision * distance)
      affinities[j] = affinity
      sum += affinity
      weighted += affinity * distance
    }
    const entropy = Math.log(sum) + (precision * weighted) / sum
    for (let j = 0; j < affinities.length; j++) affinities[j]! /= sum
    if (Math.abs(entropy - Math.log(perplexity)) < 1e-5) break
    if (entropy > Math.log(perplexity)) low = precision
    else high = precision
    precision = high === Infinity ? precision * 2 : (low + high) / 2
  }
  return affinities
}

/** Gradient of the Kullback–Leibler divergence: 4 Σ (p − q) (a − b) / (1 + |a − b|²), attraction and repulsion apart. */
function costGradient(affinities: Float64Array, { x, y }: Plane, exaggeration: number): Plane {
  const count = x.length
  const attraction: Plane = { x: new Float64Array(count), y: new Float64Array(count) }
  const repulsion: Plane = { x: new Float64Array(count), y: new Float64Array(count) }
  let total = 0
  for (let i = 1; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const dx = x[i]! - x[j]!
      const dy = y[i]! - y[j]!
      const similarity = 1 / (1 + dx * dx + dy * dy)
      total += 2 * similarity
      const pull = affinities[i * count + j]! * similarity
      const push = similarity * similarity
      attraction.x[i]! += pull * dx
      attraction.x[j]! -= pull * dx
      attraction.y[i]! += pull * dy
      attraction.y[j]! -= pull * dy
      repulsion.x[i]! += push * dx
      repulsion.x[j]! -= push * dx
      repulsion.y[i]! += push * dy
      repulsion.y[j]! -= push * dy
    }
  }
  const balance = (pull: number, push: number | undefined): number =>
    4 * (exaggeration * pull - push! / total)
  return {
    x: attraction.x.map((pull, i) => balance(pull, repulsion.x[i])),
    y: attraction.y.map((pull, i) => balance(pull, repulsion.y[i])),
  }
}

/** Gradient descent with momentum and per-coordinate gains, as in the authors' implementation. */
interface Descent {
  readonly position: Float64Array
  readonly velocity: Float64Array
  readonly gain: Float64Array
}

function newDescent(position: Float64Array): Descent {
  const count = position.length
  return { position, velocity: new Float64Array(count), gain: new Float64Array(count).fill(1) }
}

function descend(axis: Descent, gradient: Float64Array, learningRate: number, momentum: number): void {
  const { position, velocity, gain } = axis
  for (let i = 0; i < position.length; i++) {
    const turned = gradient[i]! * velocity[i]! > 0
    gain[i] = Math.max(turned ? gain[i]! * 0.8 : gain[i]! + 0.2, 0.01)
    velocity[i] = momentum * velocity[i]! - learningRate * gain[i]! * gradient[i]!
    position[i]! += velocity[i]!
  }
}

function spread(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
