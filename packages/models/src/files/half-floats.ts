/** The two 16-bit formats of files, widened to float32 without loss. */

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
export function widenFloat16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length)
  const floats = new Float32Array(words.buffer)
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!
    const sign = (half & 0x8000) << 16
    const exponent = (half >>> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) floats[i] = (sign === 0 ? fraction : -fraction) * 2 ** -24
    else words[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13)
  }
  return floats
}

/** bfloat16: the upper half of a float32. */
export function widenBfloat16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length)
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16
  return new Float32Array(words.buffer)
}
