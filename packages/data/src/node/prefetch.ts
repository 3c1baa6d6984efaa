/** Work that runs ahead of its consumer, but never further than a fixed number of results. */
import { setImmediate } from 'node:timers/promises'

/**
 * Starts `work` for the next inputs while the consumer is busy with the current result.
 *
 * The event loop turns once before each result, so that a consumer that never waits (a training step on a native
 * engine) does not keep messages of worker threads from arriving. A consumer that stops early waits for what has begun.
 *
 * @param depth Results under way or ready at most, besides the one being consumed.
 * @returns the results in the order of the inputs.
 */
export async function* prefetch<Input, Output>(
  inputs: Iterable<Input>,
  work: (input: Input) => Promise<Output>,
  depth: number,
): AsyncGenerator<Output, void, undefined> {
  const begun: Promise<Output>[] = []
  try {
    for (const input of inputs) {
      const result = work(input)
      result.catch(() => {}) // reported when its turn comes
      begun.push(result)
      if (begun.length <= depth) continue
      await setImmediate()
      yield await begun.shift()!
    }
    while (begun.length > 0) yield await begun.shift()!
  } finally {
    await Promise.allSettled(begun)
  }
}
