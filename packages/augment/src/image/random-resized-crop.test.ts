import { expect, it } from 'vitest'
import type { CropBox } from '../draw/sample-crop-box.ts'
import type { PlainImage } from './image-augmentation.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

function imageOf(
  height: number,
  width: number,
  pixel: (x: number, y: number) => readonly [number, number, number],
): PlainImage {
  const pixels = Array.from({ length: height * width }, (_, i) => pixel(i % width, Math.floor(i / width)))
  return { data: Uint8Array.from(pixels.flat()), height, width }
}

function scaled(image: PlainImage, box: CropBox, size: number): number[] {
  return [...randomResizedCrop({ size, antialias: true }).apply(image, { box, flipped: false }).data]
}

/** `Image.crop(box).resize((size, size), Image.BICUBIC)` of Pillow 13.0 for the picture below. */
const pillow: readonly (readonly [string, CropBox, number, readonly number[]])[] = [
  [
    'enlarges',
    { top: 1, left: 1, height: 3, width: 4 },
    6,
    [
      169, 90, 114, 111, 103, 105, 55, 135, 87, 85, 188, 68, 122, 161, 137, 145, 121, 203, 146, 96, 117, 106,
      111, 108, 73, 137, 92, 105, 160, 74, 119, 148, 121, 121, 130, 168, 96, 108, 125, 97, 129, 116, 111, 139,
      101, 148, 100, 85, 113, 119, 87, 71, 147, 94, 90, 122, 137, 113, 144, 128, 143, 148, 113, 150, 77, 99,
      107, 112, 79, 67, 163, 65, 128, 134, 151, 153, 156, 142, 164, 161, 127, 109, 95, 113, 102, 128, 96, 111,
      175, 86, 146, 140, 157, 172, 162, 148, 174, 167, 133, 90, 104, 119, 99, 135, 104, 131, 181, 95,
    ],
  ],
  [
    'shrinks',
    { top: 0, left: 0, height: 6, width: 8 },
    3,
    [
      109, 93, 108, 118, 128, 124, 135, 82, 148, 130, 128, 142, 119, 130, 107, 119, 129, 145, 120, 147, 128,
      128, 114, 128, 133, 170, 115,
    ],
  ],
  [
    'enlarges the width and shrinks the height',
    { top: 0, left: 2, height: 6, width: 3 },
    4,
    [
      104, 108, 91, 133, 153, 69, 130, 154, 112, 98, 109, 193, 103, 151, 105, 123, 122, 90, 117, 123, 92, 89,
      152, 109, 155, 138, 149, 127, 109, 138, 121, 110, 115, 141, 139, 96, 146, 72, 116, 114, 117, 98, 111,
      118, 118, 140, 73, 163,
    ],
  ],
]
const picture = imageOf(6, 8, (x, y) => [
  60 + ((37 * x + 59 * y) % 131),
  60 + ((11 * x * x + 23 * y) % 131),
  60 + ((200 - 20 * x + 5 * y * y) % 131),
])

it.each(pillow)('%s as Pillow does, whose passes round each for itself', (_, box, size, wanted) => {
  const actual = scaled(picture, box, size)
  expect(actual.length).toBe(wanted.length)
  for (const [i, value] of actual.entries()) expect(Math.abs(value - wanted[i]!)).toBeLessThanOrEqual(1)
})

it('finds the places of a box that begins and ends inside of pixels', () => {
  const ramp = imageOf(20, 24, (x, y) => [20 + 6 * x, 10 + 9 * y, 3 * x + 5 * y])
  const box = { top: 3.3, left: 5.75, height: 9.1, width: 11.5 }
  const size = 23
  const actual = scaled(ramp, box, size)
  for (let y = 6; y < size - 6; y++) {
    for (let x = 6; x < size - 6; x++) {
      const across = box.left + ((x + 0.5) * box.width) / size - 0.5
      const down = box.top + ((y + 0.5) * box.height) / size - 0.5
      const pixel = actual.slice((y * size + x) * 3, (y * size + x) * 3 + 3)
      for (const [channel, wanted] of [20 + 6 * across, 10 + 9 * down, 3 * across + 5 * down].entries()) {
        expect(Math.abs(pixel[channel]! - wanted)).toBeLessThan(0.51)
      }
    }
  }
})

it.each([
  { top: 2, left: 3, height: 1, width: 1 },
  { top: 0, left: 0, height: 9, width: 1 },
  { top: 0.4, left: 6.2, height: 8.1, width: 0.7 },
  { top: 0, left: 0, height: 9, width: 7 },
  { top: 0.1, left: 0.2, height: 8.9 + 1e-12, width: 6.8 + 1e-12 }, // past the edge by rounding
])('keeps one colour in a box of $height × $width', (box) => {
  const plain = imageOf(9, 7, () => [12, 200, 255])
  for (const size of [1, 2, 7, 40]) {
    expect(scaled(plain, box, size)).toEqual(
      Array.from({ length: size * size * 3 }, (_, i) => [12, 200, 255][i % 3]),
    )
  }
})
