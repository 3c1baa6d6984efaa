/** Ten colours that stay apart on light and on dark paper (Observable's categorical palette). */
const CATEGORICAL: readonly string[] = [
  '#4269d0',
  '#efb118',
  '#ff725c',
  '#6cc5b0',
  '#3ca951',
  '#ff8ab7',
  '#a463f2',
  '#97bbf5',
  '#9c6b4e',
  '#9498a0',
]

const GOLDEN_ANGLE = 137.508

/**
 * One CSS colour per class: a fixed palette for up to ten, otherwise hues a golden angle apart, which no longer can
 * all be told apart by eye.
 */
export function classColours(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    if (count <= CATEGORICAL.length) return CATEGORICAL[i]!
    const hue = Math.round((i * GOLDEN_ANGLE) % 360)
    return `oklch(${[0.58, 0.7, 0.8][i % 3]} 0.13 ${hue})`
  })
}
