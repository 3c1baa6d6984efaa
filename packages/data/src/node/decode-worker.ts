/** What a decoding thread does: image files in, cropped and scaled bytes out. It loads sharp and nothing else. */
import sharp from 'sharp'
import type { CropBox } from '../dataset.ts'
import type { ImageFile } from './image-file.ts'

/** One image and the views to cut from it. */
export interface DecodeJob {
  readonly file: ImageFile
  /** First row of the image in the batch; view v is row `row + v · stride`. */
  readonly row: number
  /** One box per view. */
  readonly boxes: readonly CropBox[]
}

/** The images of a batch that one thread decodes. */
export interface DecodeTask {
  readonly jobs: readonly DecodeJob[]
  /** Rows between the views of one image. */
  readonly stride: number
  /** Output side in pixels. */
  readonly size: number
  /** The batch, `[rows, size, size, 3]` RGB bytes. */
  readonly images: SharedArrayBuffer
}

/** An image that could not be decoded. */
export interface DecodeFailure {
  readonly row: number
  readonly reason: string
}

/**
 * Decodes each image once, as a person sees it: EXIF orientation applied, grey, palette, CMYK and 16-bit images as
 * 8-bit sRGB, transparency dropped. Cuts its boxes and scales each to `size` × `size` with the cubic kernel.
 */
export async function decodeImages({ jobs, stride, size, images }: DecodeTask): Promise<DecodeFailure[]> {
  const failures: DecodeFailure[] = []
  const bytes = new Uint8Array(images)
  for (const { file, row, boxes } of jobs) {
    try {
      const { data, info } = await sharp(file.path, { failOn: 'error' })
        .autoOrient()
        .toColourspace('srgb')
        .removeAlpha()
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true })
      const raw = { width: info.width, height: info.height, channels: 3 } as const
      for (const [view, box] of boxes.entries()) {
        const pixels = await sharp(data, { raw })
          .extract(box)
          .resize(size, size, { fit: 'fill', kernel: 'cubic' })
          .raw()
          .toBuffer()
        bytes.set(pixels, (row + view * stride) * size * size * 3)
      }
    } catch (error) {
      failures.push({ row, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return failures
}
