/** Random access to the bytes of a file, so that weights larger than memory's half can be read array by array. */

export interface ByteSource {
  /** Names the source in errors, e.g. its path. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /**
   * @returns `length` bytes from `offset` on, in memory of their own that the caller owns.
   * @throws SimclrError if they reach beyond the end.
   */
  read(offset: number, length: number): Promise<Uint8Array>
}
