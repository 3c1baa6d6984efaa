/** Red, green and blue in 2^16 parts of the grey of {@link greyByte}. */
export const GREY_WEIGHTS = [19595, 38470, 7471] as const

/** The brightness of a pixel of bytes, rounded: as Pillow's conversion to mode L. */
export function greyByte(red: number, green: number, blue: number): number {
  const [r, g, b] = GREY_WEIGHTS
  return (red * r + green * g + blue * b + 2 ** 15) >> 16
}
