import { type FunctionDefinition, f32x4, i32, increment, type Local, repeat } from '@simclr/core/simd'

/**
 * Reverses every row of a plane, four pixels a step.
 *
 * Parameters: number of rows; steps of a row; address of the input's last four pixels of the first row; address of the
 * output; bytes of a row. Reads up to three pixels before a row, and writes whole steps, a row before the next.
 */
export const mirror: FunctionDefinition = {
  parameters: 5,
  body: (parameters, local) => {
    const [rows, steps, input, output, rowBytes] = parameters as [Local, Local, Local, Local, Local]
    const [source, target, count, pixels] = [local('i32'), local('i32'), local('i32'), local('v128')]
    return [
      repeat(rows, [
        source.set(input.get),
        target.set(output.get),
        count.set(steps.get),
        repeat(count, [
          pixels.set(f32x4.load(source.get)),
          f32x4.store(target.get, f32x4.shuffle(pixels.get, pixels.get, [3, 2, 1, 0])),
          increment(source, i32.constant(-16)),
          increment(target, i32.constant(16)),
        ]),
        increment(input, rowBytes.get),
        increment(output, rowBytes.get),
      ]),
    ]
  },
}
