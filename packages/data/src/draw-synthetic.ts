/** Draws one synthetic image: a textured shape before a background, antialiased. */
import type { RandomKey } from '@simclr/core'
import type { SignedDistance } from './shapes.ts'
import type { Texture } from './textures.ts'

/** What an image shows; everything else about it is a nuisance, drawn from its key. */
export interface SyntheticMotif {
  readonly shape: SignedDistance
  readonly texture: Texture
}

/** Where, how large and in which colours a motif appears. Lengths in parts of the image's side. */
interface Scene {
  readonly centerX: number
  readonly centerY: number
  readonly radius: number
  readonly cosine: number
  readonly sine: number
  readonly period: number
  readonly phaseX: number
  readonly phaseY: number
  readonly inks: readonly [Color, Color]
  readonly background: readonly [Color, Color]
  /** Direction of the background's gradient. */
  readonly slopeX: number
  readonly slopeY: number
}

type Color = readonly [number, number, number]

/**
 * Draws `motif` into `pixels`, [size, size, 3] RGB bytes.
 *
 * @param key The image's key: the same key and motif give the same bytes.
 */
export function drawSynthetic(key: RandomKey, motif: SyntheticMotif, size: number, pixels: Uint8Array): void {
  const scene = drawScene(key)
  const { radius, period, cosine, sine, inks, background } = scene
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const u = (column + 0.5) / size
      const v = (row + 0.5) / size
      const x = cosine * (u - scene.centerX) + sine * (v - scene.centerY)
      const y = cosine * (v - scene.centerY) - sine * (u - scene.centerX)
      const inside = clamp(0.5 - motif.shape(x / radius, y / radius) * radius * size)
      const pattern = motif.texture(x / period + scene.phaseX, y / period + scene.phaseY)
      const ink = clamp(0.5 + (pattern * period * size) / (2 * Math.PI))
      const ground = clamp(0.5 + scene.slopeX * (u - 0.5) + scene.slopeY * (v - 0.5))
      const place = (row * size + column) * 3
      for (let channel = 0; channel < 3; channel++) {
        const behind = mix(background[0][channel]!, background[1][channel]!, ground)
        const before = mix(inks[1][channel]!, inks[0][channel]!, ink)
        pixels[place + channel] = 255 * mix(behind, before, inside) + 0.5
      }
    }
  }
}

function drawScene(key: RandomKey): Scene {
  const angle = key.uniform(0, -MAX_TILT, MAX_TILT)
  const radius = key.uniform(1, 0.3, 0.46)
  const slope = key.uniform(2, 0, 2 * Math.PI)
  // Three levels of lightness far enough apart that background and both inks differ also in grey.
  const levels = LIGHTNESS_ORDERS[key.integer(3, LIGHTNESS_ORDERS.length)]!
  const color = (index: number, level: number): Color => {
    const place = key.fold(index)
    return colorOf(place.uniform(0), place.uniform(1, 0.2, 1), level + place.uniform(2, -0.07, 0.07))
  }
  return {
    centerX: key.uniform(4, 0.5 - SHIFT, 0.5 + SHIFT),
    centerY: key.uniform(5, 0.5 - SHIFT, 0.5 + SHIFT),
    radius,
    cosine: Math.cos(angle),
    sine: Math.sin(angle),
    period: radius * key.uniform(6, 0.36, 0.5),
    phaseX: key.uniform(7),
    phaseY: key.uniform(8),
    inks: [color(0, levels[0]), color(1, levels[1])],
    background: [color(2, levels[2]), color(3, levels[2])],
    slopeX: Math.cos(slope),
    slopeY: Math.sin(slope),
  }
}

const MAX_TILT = Math.PI / 10
const SHIFT = 0.12
/** Lightness of first ink, second ink and background, in every order. */
const LIGHTNESS_ORDERS = [
  [0.15, 0.5, 0.85],
  [0.15, 0.85, 0.5],
  [0.5, 0.15, 0.85],
  [0.5, 0.85, 0.15],
  [0.85, 0.15, 0.5],
  [0.85, 0.5, 0.15],
] as const

/** A colour of the given hue in turns, saturation and HSL lightness, as RGB in [0, 1]. */
function colorOf(hue: number, saturation: number, lightness: number): Color {
  const chroma = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const k = (offset + hue * 12) % 12
    return lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  }
  return [channel(0), channel(8), channel(4)]
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}
