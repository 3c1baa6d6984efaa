/** Copies a dataset of image files into one file, which opens at once and is read without looking for each image. */
import { availableParallelism } from 'node:os'
import { crc32 } from 'node:zlib'
import { checkInteger, checkRange, SimclrError } from '@simclr/core'
import { writeWholeFile } from '@simclr/core/node'
import sharp from 'sharp'
import type { Dataset, SplitName } from '../dataset.ts'
import { decodeRgb } from './decode-rgb.ts'
import { type DecodingOptions, failureHandler } from './decoding-options.ts'
import { fileLists, type ImageList } from './file-dataset.ts'
import { type ImageFile, imageName } from './image-file.ts'
import type { ImageHeader } from './image-header.ts'
import { PACKED_START, type PackedImage, type PackedSplit, writePackedIndex } from './packed-index.ts'
import { prefetch } from './prefetch.ts'
import { readImageBytes } from './read-image-bytes.ts'
import { readImageHeader } from './read-image-header.ts'

export interface PackOptions extends Pick<DecodingOptions, 'onError' | 'onSkip' | 'maxPixels'> {
  /**
   * Images whose shorter side has more pixels are scaled down to it (cubic kernel) and stored as JPEG. Default: every
   * image keeps its bytes.
   */
  readonly shorterSide?: number
  /** Of JPEGs that are scaled down, 1..100; default 90. */
  readonly quality?: number
}

/**
 * Writes all splits of a dataset, with names, labels and sizes, into one file for {@link packedDataset}. An image that
 * several splits list is stored once. The file appears under its name when it is complete and flushed to the disk.
 *
 * Images are opened to learn their size, but decoded only to be scaled down. With `onError: 'skip'` one that is none is
 * left out of the file.
 *
 * @param dataset As a function that opens image files returned it, not a split or subset.
 * @param path The file to write; replaced if it exists.
 * @throws SimclrError for another dataset, an option out of range, an image that cannot be used unless they are
 * skipped, and if no training image is left; the file system's error if it cannot be written. Nothing is left then.
 */
export async function packImages(dataset: Dataset, path: string, options: PackOptions = {}): Promise<void> {
  const { shorterSide, quality } = options
  if (shorterSide !== undefined) checkInteger('packImages: shorterSide', shorterSide, 1)
  if (quality !== undefined) checkRange('packImages: quality', quality, 1, 100)
  const lists = fileLists(dataset)
  if (lists === undefined) {
    throw new SimclrError({
      parameter: 'packImages: dataset',
      expected: 'a dataset of image files as it was opened',
      received: `"${dataset.name}", which lies in memory or is a split or subset`,
      remedy: 'Give what imageFolder, openDataset and the like return: all splits are packed.',
    })
  }
  const { name, classes } = lists
  const splits = Object.entries(lists.splits) as [SplitName, ImageList][]
  const files = new Map(splits.flatMap(([, { files }]) => files.map((image) => [keyOf(image), image])))
  await writeWholeFile(path, async (file) => {
    await file.appendFile(new Uint8Array(PACKED_START))
    const images: PackedImage[] = []
    const numbers = new Map<string, number>()
    for await (const { key, bytes, image } of encodedImages(files, options)) {
      await file.appendFile(bytes)
      numbers.set(key, images.push(image) - 1)
    }
    const packed = splits.map(([split, list]) => [split, packSplit(list, numbers, classes.length)] as const)
    const { train, ...others } = Object.fromEntries(packed.filter(([, { images }]) => images.length > 0))
    if (train === undefined) {
      throw new SimclrError({
        parameter: `packImages: ${name}`,
        expected: 'at least one training image that can be used',
        received: 'none',
      })
    }
    await writePackedIndex(file, { name, classes, images, splits: { train, ...others } })
  })
}

/** Tells images apart. */
function keyOf({ path, part }: ImageFile): string {
  return part ? `${path}:${part.offset}` : path
}

/** The images as they are to be stored, in order; those that cannot be used are reported and left out. */
async function* encodedImages(
  files: ReadonlyMap<string, ImageFile>,
  options: PackOptions,
): AsyncGenerator<{ key: string; bytes: Uint8Array; image: PackedImage }> {
  const onFailure = failureHandler(options)
  const encode = ([, file]: [string, ImageFile]): Promise<Encoded | Error> =>
    encodeImage(file, options).catch((error: Error) => error)
  const keys = files.keys()
  for await (const encoded of prefetch(files, encode, 2 * availableParallelism())) {
    const key = keys.next().value!
    const name = imageName(files.get(key)!)
    if (encoded instanceof Error) {
      onFailure(name, encoded.message)
      continue
    }
    const { bytes, header } = encoded
    yield { key, bytes, image: { name, length: bytes.length, checksum: crc32(bytes), header } }
  }
}

interface Encoded {
  readonly bytes: Uint8Array
  readonly header: ImageHeader
}

/** The image's own bytes, or a JPEG of them where it has to be scaled down. */
async function encodeImage(
  file: ImageFile,
  { maxPixels, shorterSide = Number.POSITIVE_INFINITY, quality = 90 }: PackOptions,
): Promise<Encoded> {
  const bytes = readImageBytes(file)
  const header = await readImageHeader(bytes, maxPixels)
  const scale = shorterSide / Math.min(header.height, header.width)
  if (scale >= 1) return { bytes, header }
  const { data, ...size } = await decodeRgb(bytes, header)
  const height = Math.round(header.height * scale)
  const width = Math.round(header.width * scale)
  const jpeg = await sharp(data, { raw: { ...size, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .jpeg({ quality })
    .toBuffer()
  return { bytes: jpeg, header: { height, width, jpeg: true, cmyk: false } }
}

/** What is left of a split's list, with the numbers of its images in the file. */
function packSplit(
  { files, labels, multiLabels }: ImageList,
  numbers: ReadonlyMap<string, number>,
  classes: number,
): PackedSplit {
  const rows = files.flatMap((file, row) => (numbers.has(keyOf(file)) ? [row] : []))
  return {
    images: rows.map((row) => numbers.get(keyOf(files[row]!))!),
    ...(labels && { labels: rows.map((row) => labels[row]!) }),
    ...(multiLabels && {
      multiLabels: rows.flatMap((row) => [...multiLabels.subarray(row * classes, (row + 1) * classes)]),
    }),
  }
}
