import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import type { BatchOptions, CropBox, Dataset, DrawCrop, ImageBatch } from '../dataset.ts'
import { centerCropBox } from './center-crop-box.ts'
import { imageFolder } from './image-folder.ts'

const WIDTH = 60
const HEIGHT = 44

/** Red, green, blue and opacity of a smooth picture without symmetry. */
function pixel(x: number, y: number): [number, number, number, number] {
  return [4 * x, 5 * y, 128 + Math.round(60 * Math.sin((x + 2 * y) / 9)), x < 30 ? 0 : 120]
}

function picture(channels: 1 | 3 | 4): Sharp {
  const bytes = Array.from({ length: HEIGHT * WIDTH }, (_, i) => pixel(i % WIDTH, Math.floor(i / WIDTH)))
  const raw = { width: WIDTH, height: HEIGHT, channels }
  return sharp(Uint8Array.from(bytes.flatMap((values) => values.slice(0, channels))), { raw })
}

/** The picture's pixels inside of a box, `[height, width, 3]`. */
function pixelsOf({ top, left, height, width }: CropBox): number[] {
  return Array.from({ length: height * width }, (_, i) =>
    pixel(left + (i % width), top + Math.floor(i / width)).slice(0, 3),
  ).flat()
}

let root: string
const opened: Dataset[] = []

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'simclr-decoding-'))
})
afterEach(async () => {
  for (const dataset of opened.splice(0)) await dataset.close()
  await rm(root, { recursive: true })
})

/** The first batch of a folder that holds `file` twice. */
async function decode(file: Buffer, options: Omit<BatchOptions, 'batchSize'>): Promise<ImageBatch> {
  for (const name of ['a.img.jpg', 'b.img.jpg']) await writeFile(join(root, name), file)
  const dataset = await imageFolder(root, { threads: 2 })
  opened.push(dataset)
  const [batch] = await collect(dataset.batches({ batchSize: 2, ...options }))
  return batch!
}

/** Mean distance in grey levels. */
function distance(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(actual.length).toBe(wanted.length)
  return (
    Array.from(actual, (value, i) => Math.abs(value - wanted[i]!)).reduce((a, b) => a + b, 0) / actual.length
  )
}

const boxes: readonly CropBox[] = [
  { top: 3, left: 5, height: 16, width: 16 },
  { top: 0, left: 20, height: 44, width: 33 },
  { top: 30, left: 1, height: 7, width: 9 },
  { top: 0, left: 0, height: 44, width: 60 },
]
const crop: DrawCrop = (index, view) => boxes[2 * index + view]!

describe('decoding a crop box', () => {
  const fine = { quality: 98, chromaSubsampling: '4:4:4' }
  it.each<[string, () => Sharp]>([
    ['png', () => picture(3).png()],
    ['jpeg', () => picture(3).jpeg(fine)],
    ['lossless webp', () => picture(3).webp({ lossless: true })],
    ['png with transparency, which is dropped', () => picture(4).png()],
    ['png of 16 bits', () => picture(3).toColourspace('rgb16').png()],
    ['jpeg turned by its EXIF tag', () => picture(3).rotate(270).withMetadata({ orientation: 6 }).jpeg(fine)],
  ])('equals decoding, then cropping, then scaling within 2 grey levels: %s', async (_, encode) => {
    const batch = await decode(await encode().toBuffer(), { size: 16, views: 2, crop })
    expect([batch.count, batch.views, batch.height, batch.width]).toEqual([2, 2, 16, 16])
    const bytes = 16 * 16 * 3
    for (const index of [0, 1]) {
      for (const view of [0, 1]) {
        const box = boxes[2 * index + view]!
        const raw = { width: box.width, height: box.height, channels: 3 } as const
        const wanted = await sharp(Uint8Array.from(pixelsOf(box)), { raw })
          .resize(16, 16, { fit: 'fill', kernel: 'cubic' })
          .raw()
          .toBuffer()
        const row = view * 2 + index // view-major
        expect(distance(batch.images.subarray(row * bytes, (row + 1) * bytes), wanted)).toBeLessThan(2)
      }
    }
  })

  it('is exact where nothing needs scaling', async () => {
    const box = { top: 7, left: 31, height: 20, width: 20 }
    const { images } = await decode(await picture(3).png().toBuffer(), { size: 20, crop: () => box })
    expect([...images]).toEqual([...pixelsOf(box), ...pixelsOf(box)])
  })

  it('is the official centre crop where no box is given', async () => {
    const box = centerCropBox({ height: HEIGHT, width: WIDTH })
    const { images } = await decode(await picture(3).png().toBuffer(), { size: box.height })
    expect([...images]).toEqual([...pixelsOf(box), ...pixelsOf(box)])
  })

  it('asks for boxes in the turned image', async () => {
    const turned = await picture(3).withMetadata({ orientation: 8 }).jpeg().toBuffer()
    const seen: unknown[] = []
    const whole: DrawCrop = (index, view, size) => {
      seen.push([index, view, size])
      return { top: 0, left: 0, ...size }
    }
    await decode(turned, { size: 8, crop: whole })
    const size = { height: WIDTH, width: HEIGHT }
    expect(seen).toEqual([
      [0, 0, size],
      [1, 0, size],
    ])
  })
})

describe('decoding to RGB', () => {
  const whole: DrawCrop = (_index, _view, size) => ({ top: 0, left: 0, ...size })

  it('repeats grey', async () => {
    const file = await picture(1).toColourspace('b-w').png().toBuffer()
    const { images } = await decode(file, {
      size: 44,
      crop: () => ({ top: 0, left: 0, height: 44, width: 44 }),
    })
    const wanted = pixelsOf({ top: 0, left: 0, height: 44, width: 44 }).map((_, i, all) => all[i - (i % 3)]!)
    expect([...images.subarray(0, wanted.length)]).toEqual(wanted)
  })

  it('expands a palette', async () => {
    const bytes = Uint8Array.from(
      { length: 64 * 3 },
      (_, i) => (i < 96 ? [10, 200, 30] : [250, 0, 90])[i % 3]!,
    )
    const file = await sharp(bytes, { raw: { width: 8, height: 8, channels: 3 } })
      .png({ palette: true })
      .toBuffer()
    expect((await sharp(file).metadata()).isPalette).toBe(true)
    const { images } = await decode(file, { size: 8, crop: whole })
    expect([...images.subarray(0, bytes.length)]).toEqual([...bytes])
  })

  it('converts CMYK', async () => {
    const create = { width: 8, height: 8, channels: 3, background: { r: 200, g: 120, b: 60 } } as const
    const file = await sharp({ create }).toColourspace('cmyk').jpeg().toBuffer()
    expect((await sharp(file).metadata()).space).toBe('cmyk')
    const { images } = await decode(file, { size: 1, crop: whole })
    expect(distance(images.subarray(0, 3), [200, 120, 60])).toBeLessThan(15)
  })
})
