/** Collective operations over raw memory: what MPI and NCCL do, and what everything above builds on. */

/** Types of elements; `bf16` only where {@link Transport.reducesBfloat16}. */
export type ElementType = 'float32' | 'int32' | 'bf16'

/** Memory that native code reads or writes: an address, or a typed array on the host. */
export type Memory = bigint | Float32Array | Int32Array

/** A transfer under way. */
export interface Request {
  /** Lets it go on. @returns whether it is done. */
  test(): boolean
  /** Waits until it is done. */
  wait(): void
}

/**
 * A group of processes that exchange memory. `send` and `receive` never overlap. Operations return when they are done,
 * or are queued in order on the device where the memory is on one; those of `begin` return at once, and the memory
 * stays untouched until the request is done.
 */
export interface Transport {
  readonly rank: number
  readonly size: number
  /** Where the memory must be. */
  readonly device: 'cpu' | 'cuda'
  /** Whether sums of `bf16` exist. */
  readonly reducesBfloat16: boolean
  /** Elementwise sums of `count` elements over all ranks. */
  allReduceSum(send: Memory, receive: Memory, count: number, type: ElementType): void
  /** `count` elements of each rank, in rank order. */
  allGather(send: Memory, receive: Memory, count: number, type: ElementType): void
  /** Part r of `size` parts of `count` elements goes to rank r; received parts are in rank order. */
  allToAll(send: Memory, receive: Memory, count: number, type: ElementType): void
  /** Fills `memory` with that of rank `root`. */
  broadcast(memory: Memory, count: number, type: ElementType, root: number): void
  barrier(): void
  readonly begin: {
    allReduceSum(send: Memory, receive: Memory, count: number, type: ElementType): Request
    allGather(send: Memory, receive: Memory, count: number, type: ElementType): Request
    broadcast(memory: Memory, count: number, type: ElementType, root: number): Request
    barrier(): Request
  }
  /** Leaves the group; every rank does so. */
  close(): void
  /** Ends all processes of the group at once, this one with exit code `code`. */
  abort(code: number): never
}
