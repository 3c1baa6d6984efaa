/** Runs the members of a process group in one process. Used by tests only. */
import type { Communicator } from '@simclr/core'
import { add, clone, keep, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core'

/**
 * Calls `run` once per member. The members take turns, each seeing what the others contributed in the round before;
 * as the k-th reduction depends only on those before it, all are exact after one round more than there are reductions.
 *
 * @param reductions How often one run calls `allReduceSum`.
 * @returns What each member returned in the last round.
 */
export function runGroup<T>(
  size: number,
  reductions: number,
  run: (communicator: Communicator, rank: number) => T,
): T[] {
  let known: Tensor[][] = Array.from({ length: size }, () => [])
  let results: T[] = []
  for (let round = 0; round <= reductions; round++) {
    const next: Tensor[][] = Array.from({ length: size }, () => [])
    results = Array.from({ length: size }, (_, rank) => run(member(rank, size, known, next[rank]!), rank))
    for (const tensor of known.flat()) tensor.dispose()
    known = next
  }
  for (const tensor of known.flat()) tensor.dispose()
  return results
}

function member(rank: number, size: number, known: Tensor[][], contributed: Tensor[]): Communicator {
  const refuse = () => {
    throw new Error('only allReduceSum is simulated')
  }
  return {
    rank,
    size,
    allReduceSum: <T extends Tensor>(tensor: T) => {
      const call = contributed.length
      contributed.push(keep(clone(tensor)))
      return tidy(() => {
        let total: Tensor = tensor
        known.forEach((calls, other) => {
          if (other !== rank) total = add(total, calls[call] ?? zerosLike(tensor))
        })
        return clone(total) as T
      })
    },
    allGather: refuse,
    broadcast: refuse,
    barrier: refuse,
    begin: { allReduceSum: refuse, allGather: refuse, broadcast: refuse, barrier: refuse },
  }
}
