import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CropBox, centerCropBox } from '@simclr/augment/image'
import sharp, { type Sharp } from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collect } from '../__fixtures__/collect.ts'
import { smoothNoise } from '../__fixtures__/smooth-noise.ts'
import type { BatchOptions, Dataset, DrawCrop, ImageBatch } from '../dataset.ts'
import type { DecodingOptions } from './decoding-options.ts'
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

const whole: DrawCrop = (_index, _view, size) => ({ top: 0, left: 0, ...size })
const square = { top: 0, left: 0, height: HEIGHT, width: HEIGHT }

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
async function decode(
  file: Uint8Array,
  options: Omit<BatchOptions, 'batchSize'>,
  decoding: DecodingOptions = {},
): Promise<ImageBatch> {
  for (const name of ['a.img.jpg', 'b.img.jpg']) await writeFile(join(root, name), file)
  const dataset = await imageFolder(root, { threads: 2, ...decoding })
  opened.push(dataset)
  const [batch] = await collect(dataset.batches({ batchSize: 2, ...options }))
  return batch!
}

/** The pixels of `square`, decoded from a file of the picture. */
async function decodeSquare(file: Uint8Array): Promise<number[]> {
  const { images } = await decode(file, { size: HEIGHT, crop: () => square })
  return [...images.subarray(0, HEIGHT * HEIGHT * 3)]
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

/** The picture's colours at the centres of a grid of `size` × `size` over a box. */
function sampled({ top, left, height, width }: CropBox, size: number): number[] {
  const place = (i: number, start: number, length: number) => start + ((i + 0.5) * length) / size - 0.5
  return Array.from({ length: size * size }, (_, i) =>
    pixel(place(i % size, left, width), place(Math.floor(i / size), top, height)).slice(0, 3),
  ).flat()
}

describe('decoding a crop box', () => {
  const fine = { quality: 98, chromaSubsampling: '4:4:4' }
  it.each<[string, () => Sharp]>([
    ['png', () => picture(3).png()],
    ['jpeg', () => picture(3).jpeg(fine)],
    ['lossless webp', () => picture(3).webp({ lossless: true })],
    ['tiff', () => picture(3).tiff({ compression: 'lzw' })],
    ['png with transparency, which is dropped', () => picture(4).png()],
    ['png of 16 bits', () => picture(3).toColourspace('rgb16').png()],
  ])('shows the right places within 2 grey levels: %s', async (_, encode) => {
    const batch = await decode(await encode().toBuffer(), { size: 16, views: 2, crop })
    expect([batch.count, batch.views, batch.height, batch.width]).toEqual([2, 2, 16, 16])
    const bytes = 16 * 16 * 3
    for (const index of [0, 1]) {
      for (const view of [0, 1]) {
        const row = view * 2 + index // view-major
        const actual = batch.images.subarray(row * bytes, (row + 1) * bytes)
        expect(distance(actual, sampled(boxes[2 * index + view]!, 16))).toBeLessThan(2)
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

  it('stays within 2 grey levels where a JPEG is decoded at a fraction of its size', async () => {
    const size = 32
    const photo = await smoothNoise(900, 1201).jpeg({ quality: 90 }).toBuffer()
    const large: readonly CropBox[] = [
      { top: 101, left: 333, height: 257, width: 263 }, // a quarter of the size still keeps twice 32 pixels
      { top: 0, left: 0, height: 900, width: 1201 },
      { top: 411, left: 7, height: 480, width: 391 },
      { top: 13, left: 17, height: 771, width: 805 },
    ]
    const { images } = await decode(photo, {
      size,
      views: 2,
      crop: (index, view) => large[2 * index + view]!,
    })
    const raw = { height: 900, width: 1201, channels: 3 } as const
    const pixels = await sharp(photo).raw().toBuffer()
    for (const [i, box] of large.entries()) {
      const wanted = await sharp(pixels, { raw })
        .extract(box)
        .resize(size, size, { fit: 'fill', kernel: 'cubic' })
        .raw()
        .toBuffer()
      const row = (i % 2) * 2 + Math.floor(i / 2)
      const actual = images.subarray(row * wanted.length, (row + 1) * wanted.length)
      expect(distance(actual, wanted)).toBeLessThan(2)
      expect(distance(actual, wanted)).toBeGreaterThan(0) // not all pixels took part
    }
  })

  it('ignores EXIF orientation', async () => {
    const turned = await picture(3).withMetadata({ orientation: 8 }).jpeg(fine).toBuffer()
    expect((await sharp(turned).metadata()).orientation).toBe(8)
    const seen: unknown[] = []
    const { images } = await decode(turned, {
      size: HEIGHT,
      crop: (index, view, size) => {
        seen.push([index, view, size])
        return square
      },
    })
    expect(seen).toEqual([0, 1].map((index) => [index, 0, { height: HEIGHT, width: WIDTH }]))
    expect(distance(images.subarray(0, HEIGHT * HEIGHT * 3), pixelsOf(square))).toBeLessThan(2)
  })

  it('takes an image of 20,000 × 1 pixels', async () => {
    const long = { width: 20_000, height: 1, channels: 3 } as const
    const file = await sharp(new Uint8Array(60_000).fill(77), { raw: long }).png().toBuffer()
    const { images } = await decode(file, { size: 8, crop: whole })
    expect(new Set(images)).toEqual(new Set([77]))
  })
})

describe('decoding to RGB, as Pillow converts', () => {
  it('repeats grey', async () => {
    const file = await picture(1).toColourspace('b-w').png().toBuffer()
    const first = pixelsOf(square).map((_, i, all) => all[i - (i % 3)]!)
    expect(await decodeSquare(file)).toEqual(first)
  })

  it('expands a palette and drops its transparency', async () => {
    const colours = [
      [10, 200, 30, 255],
      [250, 0, 90, 40],
    ]
    const bytes = Uint8Array.from({ length: 64 * 4 }, (_, i) => colours[i < 128 ? 0 : 1]![i % 4]!)
    const raw = { width: 8, height: 8, channels: 4 } as const
    const file = await sharp(bytes, { raw }).png({ palette: true, dither: 0 }).toBuffer()
    expect(await sharp(file).metadata()).toMatchObject({ isPalette: true, hasAlpha: true })
    const { images } = await decode(file, { size: 8, crop: whole })
    expect([...images.subarray(0, 192)]).toEqual([...bytes].filter((_, i) => i % 4 !== 3))
  })

  it('keeps the colours of transparent pixels, also where the view is smaller', async () => {
    const raw = { width: 12, height: 12, channels: 4 } as const
    const bytes = Uint8Array.from({ length: 144 * 4 }, (_, i) => [90, 60, 30, i < 288 ? 0 : 255][i % 4]!)
    const file = await sharp(bytes, { raw }).png().toBuffer()
    const { images } = await decode(file, { size: 2, crop: whole })
    expect([...images]).toEqual(Array.from({ length: 24 }, (_, i) => [90, 60, 30][i % 3]))
  })

  it('keeps the upper eight of 16 bits', async () => {
    const deep = Uint16Array.from(pixelsOf(square), (value, i) => 256 * value + ((i * 97) % 256))
    const raw = { width: HEIGHT, height: HEIGHT, channels: 3 } as const
    const file = await sharp(deep, { raw }).toColourspace('rgb16').png().toBuffer()
    expect((await sharp(file).metadata()).depth).toBe('ushort')
    expect(await decodeSquare(file)).toEqual(pixelsOf(square))
  })

  it('ignores colour profiles', async () => {
    const file = await picture(3).withIccProfile('p3').png().toBuffer()
    const bare = withoutChunk(file, 'iCCP')
    expect(bare.length).toBeLessThan(file.length)
    const stored = await decodeSquare(bare)
    expect(distance(stored, pixelsOf(square))).toBeGreaterThan(5) // the profile does mean something
    expect(await decodeSquare(file)).toEqual(stored)
  })

  it.each([
    ['with', (file: Buffer) => file],
    ['without', withoutAdobeMarker],
  ])('converts CMYK by formula, not by profile: JPEG %s the Adobe marker', async (_, change) => {
    const file = change(await picture(3).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer())
    expect((await sharp(file).metadata()).space).toBe('cmyk')
    const inks = await sharp(file)
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .extract(square)
      .raw()
      .toBuffer()
    const wanted = Array.from({ length: inks.length / 4 }, (_, i) => {
      const [cyan, magenta, yellow, black] = inks.subarray(4 * i, 4 * i + 4) as unknown as number[]
      return [cyan!, magenta!, yellow!].map((ink) => Math.round(((255 - ink) * (255 - black!)) / 255))
    })
    expect(distance(await decodeSquare(file), wanted.flat())).toBeLessThan(0.5)
  })

  it('takes the first picture of an animation', async () => {
    const pictures = await Promise.all([picture(3).png().toBuffer(), picture(3).negate().png().toBuffer()])
    const file = await sharp(pictures, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer()
    expect((await sharp(file).metadata()).pages).toBe(2)
    expect(await decodeSquare(file)).toEqual(pixelsOf(square))
  })

  it.each([
    ['BMP', Buffer.from('BM6000000000')],
    ['PNM (PBM, PGM, PPM)', Buffer.from('P5 2 2 255 abcd')],
  ])('names the format that cannot be read: %s', async (name, file) => {
    await expect(decode(file, { size: 8 })).rejects.toThrow(
      `got a ${name} image, a format that sharp cannot read`,
    )
  })

  it('refuses more than maxPixels before it decodes', async () => {
    const file = await picture(3).png().toBuffer()
    await decode(file, { size: 8 }, { maxPixels: WIDTH * HEIGHT })
    const decoding = { maxPixels: WIDTH * HEIGHT - 1 }
    await expect(decode(file, { size: 8 }, decoding)).rejects.toThrow(
      'got 44 × 60 pixels, more than maxPixels (2639)',
    )
  })
})

/** A PNG without chunks of a type. */
function withoutChunk(png: Buffer, type: string): Buffer {
  const kept = [png.subarray(0, 8)]
  for (let at = 8; at < png.length; ) {
    const end = at + png.readUInt32BE(at) + 12
    if (png.toString('latin1', at + 4, at + 8) !== type) kept.push(png.subarray(at, end))
    at = end
  }
  return Buffer.concat(kept)
}

/** A JPEG without its APP14 segment. */
function withoutAdobeMarker(jpeg: Buffer): Buffer {
  const start = jpeg.indexOf(Buffer.from([0xff, 0xee]))
  expect(jpeg.toString('latin1', start + 4, start + 9)).toBe('Adobe')
  return Buffer.concat([jpeg.subarray(0, start), jpeg.subarray(start + 2 + jpeg.readUInt16BE(start + 2))])
}
