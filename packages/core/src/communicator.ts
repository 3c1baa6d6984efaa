/** What several processes that train together need from each other. */
import { clone, type Tensor } from '@tensorflow/tfjs-core'

/**
 * A group of processes. Every member calls the same functions in the same order.
 * Arguments are never disposed; the caller disposes results.
 */
export interface Communicator {
  /** This process, 0..size-1. */
  readonly rank: number
  readonly size: number
  /** The elementwise sum over all ranks, on every rank. */
  allReduceSum<T extends Tensor>(tensor: T): T
  /** The tensors of all ranks concatenated along axis 0 in rank order, on every rank. */
  allGather<T extends Tensor>(tensor: T): T
  /** The tensor of rank `root`, on every rank. */
  broadcast<T extends Tensor>(tensor: T, root: number): T
  /** Returns when every rank has come here. */
  barrier(): void
}

/** The group of one process: every result is a copy of the argument. */
export const singleProcess: Communicator = {
  rank: 0,
  size: 1,
  allReduceSum: (tensor) => clone(tensor),
  allGather: (tensor) => clone(tensor),
  broadcast: (tensor) => clone(tensor),
  barrier: () => {},
}
