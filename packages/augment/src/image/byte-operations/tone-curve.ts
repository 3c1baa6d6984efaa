/** Operations that look only at one byte at a time. */
import type { ToneOperation } from '../../draw/step.ts'

const CURVES: Record<ToneOperation, (x: number, value: number) => number> = {
  invert: (x) => 255 - x,
  solarize: (x, threshold) => (x < threshold ? x : 255 - x),
  solarizeAdd: (x, addend) => (x < 128 ? Math.min(x + addend, 255) : x),
  posterize: (x, bits) => x - (x % 2 ** (8 - bits)),
}

/** What an operation makes of each of the 256 bytes. */
export function toneCurve(operation: ToneOperation, value: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, x) => CURVES[operation](x, value))
}
