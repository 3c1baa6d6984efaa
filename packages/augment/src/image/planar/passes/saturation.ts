import { type Code, type FunctionDefinition, f32x4, type Local } from '@simclr/core/simd'
import { clipLanes } from './clip-lanes.ts'
import { extremes, pixels } from './pixels.ts'

/** Keeps 0 / 0 away; too small to change any other difference of channels. */
const TINY = 1e-30

/**
 * Scales the saturation S = (high - low) / high to min(S·factor, 1) and clips: the formula of the batched entry's
 * `adjustSaturation`. Parameters: those of {@link pixels}, factor.
 */
export const saturation: FunctionDefinition = pixels(1, (channels, settings, vector) => {
  const { add, subtract, multiply, divide, pseudoMaximum, pseudoMinimum } = f32x4
  const factor = settings[0]!
  const [high, scale] = [vector(), vector()]
  const { largest, smallest } = extremes(channels)
  const largestFactor = divide(
    high.get,
    add(subtract(high.get, smallest), f32x4.constant(TINY)), // at which S is 1
  )
  const scaled = (channel: Local): Code =>
    clipLanes(subtract(high.get, multiply(subtract(high.get, channel.get), scale.get)))
  return {
    before: [
      high.set(largest),
      scale.set(pseudoMinimum(pseudoMaximum(largestFactor, f32x4.zero), factor.get)),
    ],
    channels: [scaled(channels.red), scaled(channels.green), scaled(channels.blue)],
  }
})
