import sharp, { type Sharp } from 'sharp'

/** What a photograph is to a resampler: waves of all lengths, weaker as they get shorter. */
export function smoothNoise(height: number, width: number): Sharp {
  const bytes = new Uint8ClampedArray(height * width * 3)
  const waves = Array.from({ length: 24 }, (_, i) => ({
    across: Math.cos(1 + 2.4 * i) / 1.28 ** i / 0.005,
    down: Math.sin(1 + 2.4 * i) / 1.28 ** i / 0.005,
    strength: 36 / 1.3 ** i,
  }))
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      let value = 128
      for (const { across, down, strength } of waves) value += strength * Math.sin(x / across + y / down)
      bytes[at] = value
      bytes[at + 1] = 255 - value
      bytes[at + 2] = (value + x / 8) / 2
    }
  }
  return sharp(bytes, { raw: { height, width, channels: 3 } })
}
