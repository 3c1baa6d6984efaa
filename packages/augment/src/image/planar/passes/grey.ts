import { type FunctionDefinition, f32x4 } from '@simclr/core/simd'
import { LUMA } from '../../../draw/color-drop.ts'
import { pixels } from './pixels.ts'

/** Writes the grey value of each pixel to its three channels. Parameters: those of {@link pixels}. */
export const grey: FunctionDefinition = pixels(0, ({ red, green, blue }, _, vector) => {
  const luma = vector()
  const [r, g, b] = [red, green, blue].map((channel, i) =>
    f32x4.multiply(channel.get, f32x4.constant(LUMA[i]!)),
  )
  return {
    before: [luma.set(f32x4.add(f32x4.add(r!, g!), b!))],
    channels: [luma.get, luma.get, luma.get],
  }
})
