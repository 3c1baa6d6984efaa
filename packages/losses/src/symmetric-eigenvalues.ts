/** Eigenvalues of a symmetric matrix: Householder's reduction to three diagonals, then QL steps with implicit shifts. */

/**
 * @param matrix `[size, size]` row by row, symmetric and finite; overwritten.
 * @returns The eigenvalues from smallest to largest.
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  return tridiagonalEigenvalues(tridiagonalize(matrix, size)).sort()
}

/** The diagonal, and beside it `below[i]` between i and i + 1; the last element of `below` is 0. */
interface Tridiagonal {
  diagonal: Float64Array
  below: Float64Array
}

/** Reflects column after column onto its first element below the diagonal (Golub & Van Loan, section 8.3.1). */
function tridiagonalize(matrix: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size)
  const below = new Float64Array(size)
  const at = (i: number, j: number): number => matrix[i * size + j]!
  for (let k = 0; k < size; k++) {
    diagonal[k] = at(k, k)
    const v = new Float64Array(size)
    for (let i = k + 1; i < size; i++) v[i] = at(i, k)
    const norm = Math.sqrt(dot(v, v))
    if (k + 1 === size || norm === 0) continue
    below[k] = v[k + 1]! > 0 ? -norm : norm
    v[k + 1]! -= below[k]!
    const scale = 2 / dot(v, v)
    // A − v wᵀ − w vᵀ with p = 2 A v / vᵀv and w = p − (pᵀv / vᵀv) v
    const w = new Float64Array(size)
    for (let i = k + 1; i < size; i++) {
      let product = 0
      for (let j = k + 1; j < size; j++) product += at(i, j) * v[j]!
      w[i] = scale * product
    }
    const along = (scale / 2) * dot(w, v)
    for (let i = k + 1; i < size; i++) w[i]! -= along * v[i]!
    for (let i = k + 1; i < size; i++) {
      for (let j = k + 1; j < size; j++) matrix[i * size + j]! -= v[i]! * w[j]! + w[i]! * v[j]!
    }
  }
  return { diagonal, below }
}

/** QL steps with implicit shifts (EISPACK imtql1); changes its argument. */
function tridiagonalEigenvalues({ diagonal, below }: Tridiagonal): Float64Array {
  const size = diagonal.length
  for (let first = 0; first < size; first++) {
    for (;;) {
      let last = first
      while (last + 1 < size && !isNegligible(last)) last++
      if (last === first) break
      step(first, last)
    }
  }
  return diagonal

  function isNegligible(i: number): boolean {
    const scale = Math.abs(diagonal[i]!) + Math.abs(diagonal[i + 1]!)
    return Math.abs(below[i]!) <= Number.EPSILON * scale
  }

  function step(first: number, last: number): void {
    const half = (diagonal[first + 1]! - diagonal[first]!) / (2 * below[first]!)
    const root = Math.hypot(half, 1)
    let g = diagonal[last]! - diagonal[first]! + below[first]! / (half + (half < 0 ? -root : root))
    let [sine, cosine, shift] = [1, 1, 0]
    for (let i = last - 1; i >= first; i--) {
      const f = sine * below[i]!
      const b = cosine * below[i]!
      const r = Math.hypot(f, g)
      below[i + 1] = r
      if (r === 0) {
        diagonal[i + 1]! -= shift
        below[last] = 0
        return
      }
      sine = f / r
      cosine = g / r
      g = diagonal[i + 1]! - shift
      const turned = (diagonal[i]! - g) * sine + 2 * cosine * b
      shift = sine * turned
      diagonal[i + 1] = g + shift
      g = cosine * turned - b
    }
    diagonal[first]! -= shift
    below[first] = g
    below[last] = 0
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
