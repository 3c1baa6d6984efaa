/** The leading principal components of rows on the engine, by subspace iteration (Golub & Van Loan 2013, 8.2.4). */
import {
  addN,
  matMul,
  mul,
  randomNormal,
  square,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'

export interface PrincipalComponents {
  /** `[width, count]`, orthonormal columns; zero where the rows have no further direction. Dispose it. */
  readonly axes: Tensor2D
  /** Second moment along each axis, largest first. */
  readonly variances: Float64Array
  /** Mean second moment along all other directions. */
  readonly rest: number
}

export interface PrincipalComponentsOptions {
  /** Default 64, or the width if that is smaller. */
  readonly count?: number
  /** Passes over the rows; more resolve directions of nearly equal variance. Default 6. */
  readonly passes?: number
}

/** A direction that shrinks by this much when the others are taken out is rounding. */
const NEGLIGIBLE = 1e-5

/**
 * Approximate: directions of similar variance stay mixed.
 *
 * @param blocks Of `[rows, width]`, centred.
 */
export async function principalComponents(
  blocks: readonly Tensor2D[],
  { count = 64, passes = 6 }: PrincipalComponentsOptions = {},
): Promise<PrincipalComponents> {
  const width = blocks[0]!.shape[1]
  const kept = Math.min(count, width)
  const rows = blocks.reduce((total, { shape }) => total + shape[0], 0)
  const covarianceTimes = (directions: Tensor2D): Tensor2D =>
    tidy(() => {
      const products = blocks.map((block) => matMul(block, matMul(block, directions), true))
      return mul<Tensor2D>(addN(products), 1 / rows)
    })

  let axes: Tensor2D = randomNormal([width, kept], 0, 1, 'float32', 1)
  let variances: Float64Array = new Float64Array(kept)
  for (let pass = 0; pass < passes; pass++) {
    const images = tidy(() => transpose(covarianceTimes(axes)))
    const columns = (await images.data<'float32'>()).slice()
    images.dispose()
    axes.dispose()
    variances = orthonormalize(columns, width)
    axes = tidy(() => transpose(tensor2d(columns, [kept, width])))
  }
  const moment = tidy(() => mul(addN(blocks.map((block) => sum(square(block)))), 1 / rows))
  const [total] = await moment.data<'float32'>()
  moment.dispose()
  const leading = variances.reduce((some, variance) => some + variance, 0)
  return { axes, variances, rest: kept === width ? 0 : Math.max(0, total! - leading) / (width - kept) }
}

/**
 * Gram-Schmidt in place, each vector twice.
 *
 * @param vectors Of `width` elements, one after the other.
 * @returns What was left of each vector's length.
 */
function orthonormalize(vectors: Float32Array, width: number): Float64Array {
  const count = vectors.length / width
  const vector = (i: number): Float32Array => vectors.subarray(i * width, (i + 1) * width)
  return Float64Array.from({ length: count }, (_, i) => {
    const current = vector(i)
    const before = Math.sqrt(dot(current, current))
    for (let round = 0; round < 2; round++) {
      for (let j = 0; j < i; j++) {
        const other = vector(j)
        const overlap = dot(other, current)
        for (let k = 0; k < width; k++) current[k]! -= overlap * other[k]!
      }
    }
    const length = Math.sqrt(dot(current, current))
    const scale = length > NEGLIGIBLE * before ? 1 / length : 0
    for (let k = 0; k < width; k++) current[k]! *= scale
    return scale === 0 ? 0 : length
  })
}

function dot(a: Float32Array, b: Float32Array): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!
  return total
}
