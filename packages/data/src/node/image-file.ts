/** Where the bytes of an encoded image lie: in a file of its own, or in a part of an archive. */
export interface ImageFile {
  readonly path: string
  /** The part of the file, in bytes; absent: the whole file. */
  readonly part?: { readonly offset: number; readonly length: number }
  /** What reports call the image; default: the path. */
  readonly name?: string
}

/** How reports name an image. */
export function imageName({ path, name }: ImageFile): string {
  return name ?? path
}
