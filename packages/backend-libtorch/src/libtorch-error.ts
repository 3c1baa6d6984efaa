/** Thrown for a libtorch that cannot be used and for kernels that libtorch refuses. */
export class LibtorchError extends Error {
  override readonly name: string = 'LibtorchError'

  /** Whether the device or the processor had too little memory left. */
  get isOutOfMemory(): boolean {
    return /out of memory|can't allocate memory/i.test(this.message)
  }
}
