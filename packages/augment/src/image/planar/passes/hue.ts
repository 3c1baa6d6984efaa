import { type Code, type FunctionDefinition, f32x4 } from '@simclr/core/simd'
import { clipLanes } from './clip-lanes.ts'
import { extremes, pixels } from './pixels.ts'

/**
 * Turns the hue and clips: the formula of the batched entry's `adjustHue`. Parameters: those of {@link pixels}, the
 * three `hueOffsets` of the turn.
 */
export const hue: FunctionDefinition = pixels(3, (channels, offsets, vector) => {
  const { absolute, add, subtract, multiply, negate, pseudoMaximum, pseudoMinimum } = f32x4
  const { red, green, blue } = channels
  const [high, low, chroma, hueSize] = [vector(), vector(), vector(), vector()]
  const [signedChroma, threeChroma, floor] = [vector(), vector(), vector()]
  const { largest, smallest } = extremes(channels)
  const turned = (channel: number): Code => {
    const distance = absolute(add(hueSize.get, multiply(signedChroma.get, offsets[channel]!.get)))
    const height = subtract(absolute(subtract(distance, threeChroma.get)), floor.get)
    return clipLanes(pseudoMinimum(pseudoMaximum(height, low.get), high.get))
  }
  return {
    before: [
      high.set(largest),
      low.set(smallest),
      chroma.set(subtract(high.get, low.get)),
      hueSize.set(
        add(add(subtract(green.get, low.get), subtract(blue.get, low.get)), subtract(high.get, red.get)),
      ),
      signedChroma.set(f32x4.select(chroma.get, negate(chroma.get), f32x4.greaterEqual(green.get, blue.get))),
      threeChroma.set(add(add(chroma.get, chroma.get), chroma.get)),
      floor.set(subtract(chroma.get, low.get)),
    ],
    channels: [turned(0), turned(1), turned(2)],
  }
})
