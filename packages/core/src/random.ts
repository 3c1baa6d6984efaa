/**
 * Counter-based random numbers: a draw is a pure function of its key and index, never of call order.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011), the one JAX uses; it reproduces the known-answer vectors of the authors' Random123 library.
 */

const ROTATIONS: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24]
const PARITY = 0x1bd11bda

/**
 * One Threefry-2x32-20 block.
 *
 * @param key Two 32-bit words.
 * @param counter Two 32-bit words.
 * @returns Two unsigned 32-bit words.
 */
export function threefry2x32(
  key: readonly [number, number],
  counter: readonly [number, number],
): [number, number] {
  const schedule = [key[0] | 0, key[1] | 0, key[0] ^ key[1] ^ PARITY]
  let x0 = (counter[0] + schedule[0]!) | 0
  let x1 = (counter[1] + schedule[1]!) | 0
  for (let round = 0; round < 20; round++) {
    const rotation = ROTATIONS[round % 8]!
    x0 = (x0 + x1) | 0
    x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0
    if (round % 4 === 3) {
      const injection = (round + 1) / 4
      x0 = (x0 + schedule[injection % 3]!) | 0
      x1 = (x1 + schedule[(injection + 1) % 3]! + injection) | 0
    }
  }
  return [x0 >>> 0, x1 >>> 0]
}

/**
 * A place in the tree of random numbers. Folding data into a key gives an independent key; drawing with an index
 * gives a number. Both leave the key as it was.
 *
 * @example
 * const view = RandomKey.fromSeed(7).fold('augment').fold(epoch).fold(example).fold(viewIndex)
 * const flip = view.fold('flip').uniform(0) < 0.5
 */
export class RandomKey {
  private constructor(
    private readonly high: number,
    private readonly low: number,
  ) {}

  /** @param seed Any safe integer. */
  static fromSeed(seed: number): RandomKey {
    return new RandomKey(Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0)
  }

  /** An independent key for `data`: a non-negative integer (below 2^53) or a name. */
  fold(data: number | string): RandomKey {
    const [word0, word1]: [number, number] =
      typeof data === 'number'
        ? [Math.floor(data / 2 ** 32) >>> 0, data >>> 0]
        : [hashName(data), 0x80000000 | data.length]
    const [high, low] = threefry2x32([this.high, this.low], [word0, word1])
    return new RandomKey(high, low)
  }

  /** A number uniform in [low, high), with 32 random bits. `index` tells draws of one key apart. */
  uniform(index: number, low = 0, high = 1): number {
    const [word] = threefry2x32([this.high, this.low], [DRAW_DOMAIN, index])
    return low + (high - low) * (word / 2 ** 32)
  }

  /** A whole number uniform in [0, count). */
  integer(index: number, count: number): number {
    return Math.floor(this.uniform(index) * count)
  }

  /** A standard normal number (Box–Muller). */
  normal(index: number): number {
    const [word0, word1] = threefry2x32([this.high, this.low], [DRAW_DOMAIN, index])
    const radius = Math.sqrt(-2 * Math.log((word0 + 1) / 2 ** 32))
    return radius * Math.cos(2 * Math.PI * (word1 / 2 ** 32))
  }

  /** A permutation of 0..count-1 (Fisher–Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i, i + 1)
      const held = order[i]!
      order[i] = order[j]!
      order[j] = held
    }
    return order
  }
}

/** Keeps the counters of draws apart from those of `fold` with small integers. */
const DRAW_DOMAIN = 0x44524157

/** FNV-1a over UTF-16 code units. */
function hashName(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
