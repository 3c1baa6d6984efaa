/** PyTorch's order of axes: kernels `[out, in, h, w]` and `[out, in]` where TensorFlow has `[h, w, in, out]` and `[in, out]`. */

/** The shape that PyTorch gives a kernel of our shape; vectors keep theirs. */
export function pytorchShape(shape: readonly number[]): readonly number[] {
  const [h, w, input, output] = shape
  return shape.length === 4 ? [output!, input!, h!, w!] : shape.toReversed()
}

/**
 * @param values Row-major, of `shape` in our order of axes.
 * @returns New memory, of `pytorchShape(shape)`.
 */
export function toPytorchLayout(values: Float32Array, shape: readonly number[]): Float32Array {
  const { places, input, output } = axes(shape)
  return reverseAxes(values, places, input, output)
}

/**
 * @param values Row-major, of `pytorchShape(shape)`.
 * @returns New memory, of `shape` in our order of axes.
 */
export function fromPytorchLayout(values: Float32Array, shape: readonly number[]): Float32Array {
  const { places, input, output } = axes(shape)
  return reverseAxes(values, output, input, places)
}

/** A kernel as `[places, in, out]`, with the pixels of a filter as places. */
function axes(shape: readonly number[]) {
  const [input = 1, output = 1] = shape.slice(-2)
  return { places: shape.slice(0, -2).reduce((product, size) => product * size, 1), input, output }
}

/** `[a, b, c]` to `[c, b, a]`. */
function reverseAxes(values: Float32Array, a: number, b: number, c: number): Float32Array {
  const reversed = new Float32Array(values.length)
  let from = 0
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) reversed[(k * b + j) * a + i] = values[from++]!
    }
  }
  return reversed
}
