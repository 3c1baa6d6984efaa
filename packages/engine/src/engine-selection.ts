/** What was chosen and why: the facts of an engine that checkpoints store and reports print. */

/** The engines by name. `cpu` is TensorFlow.js's plain JavaScript backend, a reference for tests. */
export type EngineName = 'libtorch' | 'wasm' | 'cpu'

export interface EngineSelection {
  readonly name: EngineName
  /** Version of the library that computes: PyTorch's for libtorch, the npm package's otherwise. */
  readonly version: string
  /** Where it computes. */
  readonly device: 'cpu'
  /** Threads that one operation may use. */
  readonly threads: number
  /** Why this engine, in one clause, e.g. `found in /home/…/simclr/libtorch`. */
  readonly reason: string
}
