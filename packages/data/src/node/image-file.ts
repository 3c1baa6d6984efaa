/** Where the bytes of an encoded image lie: in a file of its own, or in a part of an archive. */
import type { ImageHeader } from './image-header.ts'

export interface ImageFile {
  readonly path: string
  /** The part of the file, in bytes; absent: the whole file. */
  readonly part?: { readonly offset: number; readonly length: number }
  /** CRC-32 of the encoded image, which is then compared on reading. */
  readonly checksum?: number
  /** The image's header, where an index holds it; absent: the image is opened for it once. */
  readonly header?: ImageHeader
  /** What reports call the image; default: the path. */
  readonly name?: string
}

/** How reports name an image. */
export function imageName({ path, name }: ImageFile): string {
  return name ?? path
}
