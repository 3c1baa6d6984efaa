/** Bytes of RGB, `[height, width, 3]`. */
export interface ByteImage {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}
