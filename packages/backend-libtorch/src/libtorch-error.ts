/** Thrown for a libtorch that cannot be used and for kernels that libtorch refuses. */
export class LibtorchError extends Error {
  override readonly name: string = 'LibtorchError'
}
