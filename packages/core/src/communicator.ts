/** What several processes that train together need from each other. */
import { clone, type Tensor } from '@tensorflow/tfjs-core'

/** A result that is on its way. */
export interface Pending<Result> {
  /** Lets the transfer go on without waiting for it; call it now and then while doing other work. */
  progress(): void
  /** Waits for the result. To be called once; the caller disposes a tensor. */
  wait(): Result
}

/** Options of a sum over all ranks. */
export interface AllReduceOptions {
  /** What travels: `float32` (default), or for float32 tensors `bf16`: half the bytes, added up in float32. */
  readonly precision?: 'float32' | 'bf16'
}

/** The operations of a group, each as a call that returns at once. */
export interface PendingOperations {
  allReduceSum<T extends Tensor>(tensor: T, options?: AllReduceOptions): Pending<T>
  allGather<T extends Tensor>(tensor: T): Pending<T>
  broadcast<T extends Tensor>(tensor: T, root: number): Pending<T>
  barrier(): Pending<void>
}

/**
 * A group of processes. Every member calls the same functions in the same order, blocking ones and those of `begin`
 * alike, with float32 or int32 tensors of equal shapes. Arguments are never disposed; the caller disposes results.
 */
export interface Communicator {
  /** This process, 0..size-1. */
  readonly rank: number
  readonly size: number
  /** The elementwise sum over all ranks, on every rank. */
  allReduceSum<T extends Tensor>(tensor: T, options?: AllReduceOptions): T
  /** The tensors of all ranks concatenated along axis 0 in rank order, on every rank. */
  allGather<T extends Tensor>(tensor: T): T
  /** The tensor of rank `root`, on every rank. */
  broadcast<T extends Tensor>(tensor: T, root: number): T
  /** Returns when every rank has come here. */
  barrier(): void
  /** The same without waiting. The caller keeps an argument until `wait` has returned. */
  readonly begin: PendingOperations
}

function done<Result>(result: Result): Pending<Result> {
  return { progress: () => {}, wait: () => result }
}

/** The group of one process: every result is a copy of the argument. */
export const singleProcess: Communicator = {
  rank: 0,
  size: 1,
  allReduceSum: (tensor) => clone(tensor),
  allGather: (tensor) => clone(tensor),
  broadcast: (tensor) => clone(tensor),
  barrier: () => {},
  begin: {
    allReduceSum: (tensor) => done(clone(tensor)),
    allGather: (tensor) => done(clone(tensor)),
    broadcast: (tensor) => done(clone(tensor)),
    barrier: () => done(undefined),
  },
}
