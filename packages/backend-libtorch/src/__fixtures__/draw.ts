/** Random shapes, types and values from a seed. */
export type Dtype = 'float32' | 'int32' | 'bool'

export interface TensorSpec {
  readonly shape: readonly number[]
  readonly dtype: Dtype
  readonly values: readonly number[]
}

const numeric: readonly Dtype[] = ['float32', 'int32', 'bool']

export class Draw {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A number in [0, 1), by mulberry32. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  pick<V>(values: readonly V[]): V {
    return values[this.integer(0, values.length - 1)]!
  }

  times<V>(count: number, make: (index: number) => V): V[] {
    return Array.from({ length: count }, (_, i) => make(i))
  }

  /** A size of 1 to 5, now and then 0. */
  size(): number {
    return this.chance(0.05) ? 0 : this.integer(1, 5)
  }

  /** A shape of rank `low` to `high`. */
  shape(low = 0, high = 4): number[] {
    return this.times(this.integer(low, high), () => this.size())
  }

  /** An axis of a tensor of that rank, counted from either end. */
  axis(rank: number): number {
    return this.integer(-rank, rank - 1)
  }

  /** A shape that broadcasts with another. */
  broadcastable(shape: readonly number[]): number[] {
    return shape.slice(this.integer(0, shape.length)).map((size) => (this.chance(0.3) ? 1 : size))
  }

  /** Some of the axes of a tensor, in increasing order. */
  axes(rank: number): number[] {
    return this.times(rank, (axis) => axis).filter(() => this.chance(0.5))
  }

  permutation(rank: number): number[] {
    const keys = this.times(rank, () => this.unit())
    return keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]!)
  }

  /** A tensor of quarters in [-3, 3], integers in [-4, 4] or booleans: many ties, and exact sums and products. */
  tensor(shape: readonly number[], dtypes: readonly Dtype[] = numeric): TensorSpec {
    const dtype = this.pick(dtypes)
    const size = shape.reduce((product, n) => product * n, 1)
    return { shape, dtype, values: this.times(size, () => this.value(dtype)) }
  }

  value(dtype: Dtype): number {
    if (dtype === 'bool') return this.integer(0, 1)
    return dtype === 'int32' ? this.integer(-4, 4) : this.integer(-12, 12) / 4
  }

  /** An int32 tensor of integers in [low, high]. */
  integers(shape: readonly number[], low: number, high: number): TensorSpec {
    const size = shape.reduce((product, n) => product * n, 1)
    return { shape, dtype: 'int32', values: this.times(size, () => this.integer(low, high)) }
  }

  /** A float32 tensor, in which now and then values are NaN or infinite. */
  wild(shape: readonly number[]): TensorSpec {
    const extremes = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e30]
    const { values } = this.tensor(shape, ['float32'])
    return { shape, dtype: 'float32', values: values.map((v) => (this.chance(0.1) ? this.pick(extremes) : v)) }
  }
}
