/**
 * The WebAssembly memory that images lie in while they are augmented: one for each thread. What is allocated within
 * {@link withWorkingMemory} is free again after it, so the memory grows to what one image needs and no further.
 */

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** The part of the global WebAssembly that is used here; TypeScript has its types for browsers only. */
interface WebAssemblyApi {
  WebAssembly: { Memory: new (size: { initial: number }) => Memory }
}

const PAGE_BYTES = 65536
const ALIGNMENT = 64
/** Passes may load a little from before and after what they work on. */
const MARGIN = 256

let memory: Memory | undefined
let used = MARGIN
let bytes = new Uint8Array(0)
let floats = new Float32Array(0)

/** The memory for modules to import. */
export function workingMemory(): Memory {
  if (memory === undefined) {
    const { WebAssembly } = globalThis as unknown as WebAssemblyApi
    memory = new WebAssembly.Memory({ initial: 0 })
  }
  return memory
}

/** Runs `use`, which may be nested, and frees what it allocated. */
export function withWorkingMemory<Result>(use: () => Result): Result {
  const before = used
  try {
    return use()
  } finally {
    used = before
  }
}

/**
 * Takes `size` bytes of arbitrary content.
 *
 * @returns Their address, divisible by 64.
 */
export function allocate(size: number): number {
  const address = used
  used = Math.ceil((address + size) / ALIGNMENT) * ALIGNMENT
  const missing = used + MARGIN - bytes.length
  if (missing > 0) {
    const growing = workingMemory()
    growing.grow(Math.ceil(missing / PAGE_BYTES))
    bytes = new Uint8Array(growing.buffer)
    floats = new Float32Array(growing.buffer)
  }
  return address
}

/** All bytes of the memory, until the next {@link allocate}. */
export function memoryBytes(): Uint8Array {
  return bytes
}

/** The same as float32: address a is element a / 4. Until the next {@link allocate}. */
export function memoryFloats(): Float32Array {
  return floats
}
