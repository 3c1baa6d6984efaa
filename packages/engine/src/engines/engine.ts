/** What an engine is: how it is found, explained and put to use. One file beside this one for each. */

/** The engines by name. `cpu` is TensorFlow.js's plain JavaScript backend, a reference for tests. */
export type EngineName = 'libtorch' | 'tensorflow-gpu' | 'tensorflow' | 'webgpu' | 'wasm' | 'cpu'

/** Where an engine computes: `gpu` is WebGPU's adapter, `cuda` an NVIDIA GPU, `mps` an Apple one. */
export type Device = 'cpu' | 'cuda' | 'mps' | 'gpu'

/**
 * How exactly convolutions and matrix products compute: in float32; on NVIDIA GPUs with TensorFloat-32; or convolutions in
 * bfloat16, which also halves the memory of activations. Everything else is float32 always.
 */
export type Precision = 'float32' | 'tf32' | 'bf16'

/** What was chosen and why: the facts of an engine that checkpoints store and reports print. */
export interface EngineSelection {
  readonly name: EngineName
  /** Version of the library that computes: PyTorch's for libtorch, TensorFlow's, or the npm package's. */
  readonly version: string
  readonly device: Device
  readonly precision: Precision
  /** Threads that one operation may use on the processor. */
  readonly threads: number
  /** Why this engine, in one clause, e.g. `found in /home/…/simclr/libtorch`. */
  readonly reason: string
}

/** Whether an engine can be used on this machine. */
export interface EngineStatus {
  readonly available: boolean
  readonly version: string | undefined
  /** Where it comes from, or why it is not available; one clause. */
  readonly detail: string
  /** What makes it available, a command or an instruction; undefined where it is, or where nothing would. */
  readonly command: string | undefined
}

export interface UseEngineOptions {
  /** Where to compute; default: the processor, or what the engine is for. */
  device?: Device
  /** Default `float32`. `bf16` on a processor without such instructions is several times slower. */
  precision?: Precision
  /**
   * Threads per operation of libtorch and tensorflow; default `$OMP_NUM_THREADS`, else all of the machine. Both take
   * the number once per process, from the first call; the other engines use one thread.
   */
  threads?: number
  /** Receives one line when `auto` falls back to a slow engine; default: standard error. */
  log?: (line: string) => void
}

/** What an engine is asked for, after defaults and checks. */
export interface EngineOptions {
  readonly device: Device
  readonly precision: Precision
  readonly threads: number | undefined
}

export interface Engine {
  readonly name: EngineName
  /** What it gives, in one clause. */
  readonly speed: string
  /** Where it can compute, the default first. */
  readonly devices: readonly [Device, ...Device[]]
  /** How exactly it can compute, the default first. */
  readonly precisions: readonly [Precision, ...Precision[]]
  /** Looks without loading it into this process; never throws. */
  status(environment: NodeJS.ProcessEnv): Promise<EngineStatus>
  /** Computes something with it in a child process. Absent where a found engine cannot fail. @throws if it does not work */
  verify?(environment: NodeJS.ProcessEnv): Promise<void>
  /**
   * Makes it the TensorFlow.js backend of this process, on one of its devices and in one of its precisions.
   *
   * @throws SimclrError if it cannot be used here
   */
  use(options: EngineOptions): Promise<EngineSelection>
}
