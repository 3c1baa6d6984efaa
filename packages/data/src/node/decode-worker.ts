/** What a decoding thread does: image files in, cropped and scaled bytes out. No TensorFlow.js is loaded. */
import { type CropBox, randomResizedCrop } from '@simclr/augment/image'
import sharp from 'sharp'
import { decodeRgb } from './decode-rgb.ts'
import type { ImageFile } from './image-file.ts'
import type { ImageHeader } from './image-header.ts'
import { readImageBytes } from './read-image-bytes.ts'
import { readImageHeader } from './read-image-header.ts'

/** The images whose headers one thread reads. */
export interface HeaderTask {
  readonly files: readonly ImageFile[]
  readonly maxPixels: number | undefined
}

/** One image and the views to cut from it. */
export interface DecodeJob {
  readonly file: ImageFile
  readonly header: ImageHeader
  /** First row of the image in the batch; view v is row `row + v · stride`. */
  readonly row: number
  /** One box per view. */
  readonly boxes: readonly CropBox[]
}

/** Where the views of a batch go. */
export interface DecodeTarget {
  /** Rows between the views of one image. */
  readonly stride: number
  /** Output side in pixels. */
  readonly size: number
  /** The batch, `[rows, size, size, 3]` RGB bytes. */
  readonly images: SharedArrayBuffer
}

/** The images of a batch that one thread decodes. */
export interface DecodeTask extends DecodeTarget {
  readonly jobs: readonly DecodeJob[]
}

/** Why an image cannot be used. */
export interface ImageFailure {
  readonly reason: string
}

/**
 * The smallest box keeps this many times the output's side when a JPEG is decoded at a fraction of its size, so that
 * every view stays within 2 grey levels (mean; 1.3 at worst on photographs, 0.5 on average) of the one from all pixels.
 */
const KEPT = 2
/** The decoder of JPEGs skips work from this fraction on. */
const WORTHWHILE_SHRINK = 3

// The threads of the pool work side by side already, and no image is decoded twice in a row.
sharp.concurrency(1)
sharp.cache(false)

/** @returns the header of each image, or why it has none. */
export function readHeaders({ files, maxPixels }: HeaderTask): Promise<(ImageHeader | ImageFailure)[]> {
  return eachInTurn(files, (file) => readImageHeader(readImageBytes(file), maxPixels))
}

/**
 * Decodes each image once, cuts its boxes and scales them to `size` × `size` with the cubic kernel, which widens where
 * a box shrinks: as `Image.crop(box).resize(size, BICUBIC)` of Pillow, whose passes round each for itself.
 *
 * @returns for each image undefined, or why it could not be decoded.
 */
export function decodeImages({ jobs, ...target }: DecodeTask): Promise<(ImageFailure | undefined)[]> {
  const crop = randomResizedCrop({ size: target.size, antialias: true })
  return eachInTurn(jobs, (job) => decodeViews(job, crop, target))
}

async function decodeViews(
  { file, header, row, boxes }: DecodeJob,
  crop: ReturnType<typeof randomResizedCrop>,
  { stride, size, images }: DecodeTarget,
): Promise<undefined> {
  const image = await decodeRgb(readImageBytes(file), header, shrinkFor(header, boxes, size))
  const vertical = image.height / header.height
  const horizontal = image.width / header.width
  const views = new Uint8Array(images)
  for (const [view, { top, left, height, width }] of boxes.entries()) {
    const box = {
      top: top * vertical,
      left: left * horizontal,
      height: height * vertical,
      width: width * horizontal,
    }
    const { data } = crop.apply(image, { box, flipped: false })
    views.set(data, (row + view * stride) * size * size * 3)
  }
}

function shrinkFor({ jpeg, cmyk }: ImageHeader, boxes: readonly CropBox[], size: number): number {
  const smallest = Math.min(...boxes.flatMap(({ height, width }) => [height, width]))
  const shrink = Math.floor(smallest / (KEPT * size))
  return jpeg && !cmyk && shrink >= WORTHWHILE_SHRINK ? shrink : 1
}

/** One image in memory at a time. */
async function eachInTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<(Result | ImageFailure)[]> {
  const results: (Result | ImageFailure)[] = []
  for (const item of items) {
    try {
      results.push(await work(item))
    } catch (error) {
      results.push({ reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return results
}
