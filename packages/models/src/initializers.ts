/** Starting values of kernels, as the official code draws them: a pure function of a key and a shape. */
import { type RandomKey, threefry2x32 } from '@simclr/core'

/**
 * Draws the starting values of a kernel.
 *
 * @param key One key per parameter, so that no parameter's values depend on another's.
 * @param shape `[height, width, in, out]` or `[in, out]`.
 */
export type Initializer = (key: RandomKey, shape: readonly number[]) => Float32Array

/** Standard deviation of a standard normal number cut off at ±2. */
const TRUNCATED_DEVIATION = 0.87962566103423978

/**
 * Normal with variance 1 / fan-in, cut off at two standard deviations: Keras' `VarianceScaling()`, which the
 * official resnet.py uses for every convolution.
 */
export const varianceScaling: Initializer = (key, shape) => {
  const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1)
  return normalValues(key, shape, 1 / (Math.sqrt(fanIn) * TRUNCATED_DEVIATION), 2)
}

/** Normal with standard deviation 0.01: every dense layer of the official model.py. */
export const smallNormal: Initializer = (key, shape) =>
  normalValues(key, shape, 0.01, Number.POSITIVE_INFINITY)

/** Box–Muller, both numbers of each Threefry block; those beyond `cut` (in standard deviations) are skipped. */
function normalValues(
  key: RandomKey,
  shape: readonly number[],
  deviation: number,
  cut: number,
): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
  const words: [number, number] = [key.integer(0, 2 ** 32), key.integer(1, 2 ** 32)]
  for (let block = 0, filled = 0; filled < values.length; block++) {
    const [word0, word1] = threefry2x32(words, [0, block])
    const radius = Math.sqrt(-2 * Math.log((word0 + 1) / 2 ** 32))
    const angle = 2 * Math.PI * (word1 / 2 ** 32)
    const first = radius * Math.cos(angle)
    const second = radius * Math.sin(angle)
    if (Math.abs(first) <= cut) values[filled++] = deviation * first
    if (Math.abs(second) <= cut && filled < values.length) values[filled++] = deviation * second
  }
  return values
}
