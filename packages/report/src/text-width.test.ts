import { expect, it } from 'vitest'
import { textWidth } from './text-width.ts'

it('grows with letters and size, and counts a character of two code units once', () => {
  expect(textWidth('', 12)).toBe(0)
  expect(textWidth('ab', 12)).toBe(2 * textWidth('a', 12))
  expect(textWidth('ab', 24)).toBe(2 * textWidth('ab', 12))
  expect(textWidth('😀', 10)).toBe(textWidth('a', 10))
})
