import { expect, it } from 'vitest'
import { centerCropBox } from './center-crop-box.ts'

it.each([
  { height: 224, width: 224, box: [14, 14, 196] },
  { height: 256, width: 320, box: [16, 48, 224] },
  { height: 48, width: 64, box: [3, 11, 42] },
  { height: 20, width: 21, box: [1, 2, 18] }, // 17.5 rounds to the even 18
  { height: 12, width: 12, box: [1, 1, 10] }, // 10.5 rounds to the even 10
  { height: 1, width: 5, box: [0, 2, 1] },
])('centerCropBox of $height × $width', ({ height, width, box: [top, left, side] }) => {
  expect(centerCropBox({ height, width })).toEqual({ top, left, height: side, width: side })
})
