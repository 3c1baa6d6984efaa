/** Saturation and hue of a single image, in place: the formulas of the batched entry's `hsv.ts`, pixel by pixel. */
import { hueOffsets } from '../draw/hue-offsets.ts'

/** Keeps 0 / 0 away; too small to change any other difference of channels. */
const TINY = 1e-30

/** Scales the saturation S = (high - low) / high of RGB floats to min(S·factor, 1). */
export function adjustSaturation(data: Float32Array, factor: number): void {
  for (let i = 0; i < data.length; i += 3) {
    const red = data[i]!
    const green = data[i + 1]!
    const blue = data[i + 2]!
    const high = Math.max(red, green, blue)
    const chroma = high - Math.min(red, green, blue)
    const scale = Math.min(factor, Math.max(0, high / (chroma + TINY)))
    data[i] = high - (high - red) * scale
    data[i + 1] = high - (high - green) * scale
    data[i + 2] = high - (high - blue) * scale
  }
}

/** Turns the hue of RGB floats by `turn` full turns. */
export function adjustHue(data: Float32Array, turn: number): void {
  const offsets = hueOffsets(turn)
  for (let i = 0; i < data.length; i += 3) {
    const red = data[i]!
    const green = data[i + 1]!
    const blue = data[i + 2]!
    const high = Math.max(red, green, blue)
    const low = Math.min(red, green, blue)
    const chroma = high - low
    const hueSize = green - low + (blue - low) + (high - red)
    const signedChroma = green >= blue ? chroma : -chroma
    for (let channel = 0; channel < 3; channel++) {
      const distance = Math.abs(hueSize + signedChroma * offsets[channel]!)
      const height = Math.abs(distance - 3 * chroma) - (chroma - low)
      data[i + channel] = Math.min(Math.max(height, low), high)
    }
  }
}
