import { type FunctionDefinition, f32x4, i32, increment, type Local, repeat } from '@simclr/core/simd'

/** Writes zeros. Parameters: number of vectors of four float32; address. */
export const clear: FunctionDefinition = {
  parameters: 2,
  body: (parameters) => {
    const [vectors, address] = parameters as [Local, Local]
    return [repeat(vectors, [f32x4.store(address.get, f32x4.zero), increment(address, i32.constant(16))])]
  },
}
