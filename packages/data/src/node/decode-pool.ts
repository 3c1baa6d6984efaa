/** Worker threads that decode images into shared memory while the main thread trains. */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { DecodeFailure, DecodeJob, DecodeTask } from './decode-worker.ts'

/** Batches under way or ready, besides the one that the consumer holds. */
export const PREFETCHED_BATCHES = 3

/** Threads that start with the first batch and end with `close()`; idle ones do not keep the process alive. */
export class DecodePool {
  private workers: Piscina<DecodeTask, DecodeFailure[]> | undefined

  constructor(private readonly threads: number = availableParallelism()) {}

  /**
   * Decodes the images of a batch into `images`, shared out evenly over the threads.
   *
   * Each thread gets its share as one task and holds those of all prefetched batches, so that it works on while the
   * main thread is inside a training step and cannot hand out more.
   *
   * @returns the images that could not be decoded; their rows are left as they were.
   */
  async decode(jobs: readonly DecodeJob[], batch: Omit<DecodeTask, 'jobs'>): Promise<DecodeFailure[]> {
    const workers = this.started()
    const shares = Array.from({ length: this.threads }, (_, thread) =>
      jobs.filter((_, i) => i % this.threads === thread),
    )
    const failures = await Promise.all(
      shares.filter((share) => share.length > 0).map((share) => workers.run({ ...batch, jobs: share })),
    )
    return failures.flat()
  }

  /** Ends the threads; a later `decode` starts new ones. */
  async close(): Promise<void> {
    await this.workers?.destroy()
    this.workers = undefined
  }

  private started(): Piscina<DecodeTask, DecodeFailure[]> {
    this.workers ??= new Piscina<DecodeTask, DecodeFailure[]>({
      // Threads load the built file also when this one runs from its TypeScript source.
      filename: createRequire(import.meta.url).resolve('@simclr/data/decode-worker'),
      name: 'decodeImages',
      minThreads: this.threads,
      maxThreads: this.threads,
      concurrentTasksPerWorker: PREFETCHED_BATCHES + 1,
      atomics: 'disabled', // a thread waits for sharp, not only for tasks
    })
    return this.workers
  }
}
