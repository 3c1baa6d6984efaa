import {
  type Code,
  type FunctionDefinition,
  f32x4,
  i8x16,
  i16x8,
  i32,
  increment,
  type Local,
  repeat,
} from '@simclr/core/simd'

/** Numbers of a row that stay in registers while its terms are added. */
const STEP = 16

/** How sixteen numbers are read. */
interface Reader {
  readonly bytes: number
  /** Instructions that come first, and the four vectors. */
  read(address: Local, local: () => Local): { before: readonly Code[]; vectors: readonly Code[] }
}

const floatReader: Reader = {
  bytes: 4 * STEP,
  read: (address) => ({
    before: [],
    vectors: [0, 16, 32, 48].map((offset) => f32x4.load(address.get, offset)),
  }),
}

const byteReader: Reader = {
  bytes: STEP,
  read: (address, local) => {
    const [low, high] = [local(), local()]
    const bytes = i8x16.load(address.get)
    const halves = [low, high].flatMap(({ get }) => [i16x8.widenLow(get), i16x8.widenHigh(get)])
    return {
      before: [low.set(i8x16.widenLow(bytes)), high.set(i8x16.widenHigh(bytes))],
      vectors: halves.map(f32x4.convert),
    }
  },
}

/** The weighted sum of rows of float32, see {@link weightedRows}. With a stride of one number it maps within a row. */
export const weightedFloatRows: FunctionDefinition = weightedRows(floatReader)

/** The weighted sum of rows of bytes, see {@link weightedRows}. */
export const weightedByteRows: FunctionDefinition = weightedRows(byteReader)

/**
 * output[x] = sum over taps t of weights[t] · input[x + t · stride]. Reads and writes whole steps of sixteen numbers.
 *
 * Parameters: number of steps; addresses of output, input and weights; number of taps; stride in bytes.
 */
function weightedRows({ bytes, read }: Reader): FunctionDefinition {
  return {
    parameters: 6,
    body: (parameters, local) => {
      const [steps, output, input, weights, taps, stride] = parameters as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ]
      const vector = () => local('v128')
      const sums = Array.from({ length: STEP / 4 }, vector)
      const factor = vector()
      const [source, weight, count] = [local('i32'), local('i32'), local('i32')]
      const { before, vectors } = read(source, vector)
      return [
        repeat(steps, [
          source.set(input.get),
          weight.set(weights.get),
          count.set(taps.get),
          ...sums.map((sum) => sum.set(f32x4.zero)),
          repeat(count, [
            factor.set(f32x4.loadSplat(weight.get)),
            ...before,
            ...sums.map((sum, i) => sum.set(f32x4.add(sum.get, f32x4.multiply(vectors[i]!, factor.get)))),
            increment(source, stride.get),
            increment(weight, i32.constant(4)),
          ]),
          ...sums.map((sum, i) => f32x4.store(output.get, sum.get, 16 * i)),
          increment(output, i32.constant(4 * STEP)),
          increment(input, i32.constant(bytes)),
        ]),
      ]
    },
  }
}
