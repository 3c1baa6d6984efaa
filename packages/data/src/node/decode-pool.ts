/** Worker threads that decode images into shared memory while the main thread trains. */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { DecodeThread } from './decode-thread.ts'
import type { DecodeJob, DecodeTarget, DecodeTask, HeaderTask, ImageFailure } from './decode-worker.ts'
import type { DecodingOptions } from './decoding-options.ts'
import type { ImageFile } from './image-file.ts'
import type { ImageHeader } from './image-header.ts'

/** Batches under way or ready, besides the one that the consumer holds. */
export const PREFETCHED_BATCHES = 3

export interface DecodePoolOptions extends Pick<DecodingOptions, 'threads' | 'maxPixels'> {
  /** The file that the threads run, a build of `decode-worker.ts`. */
  readonly worker?: string
}

/** What a thread is to do with some images. */
interface Work<Item> {
  /** A function of the worker, with a result for each image. */
  readonly name: string
  readonly task: (items: readonly Item[]) => unknown
}

/**
 * Threads that start with the first batch and end with `close()`; idle ones do not keep the process alive.
 *
 * A thread that ends before its work is done is replaced, and what it held is done again image by image in a thread
 * that holds nothing else. An image that ends this one too is reported like one that cannot be decoded.
 */
export class DecodePool {
  private readonly maxPixels: number | undefined
  private readonly threads: readonly DecodeThread[]
  private readonly rescuer: DecodeThread
  /** The last rescue to end. */
  private rescued: Promise<unknown> = Promise.resolve()
  private timesClosed = 0

  constructor({
    threads = availableParallelism(),
    maxPixels,
    // Threads load the built file also when this one runs from its TypeScript source.
    worker = createRequire(import.meta.url).resolve('@simclr/data/decode-worker'),
  }: DecodePoolOptions) {
    this.maxPixels = maxPixels
    this.threads = Array.from({ length: threads }, () => new DecodeThread(worker, PREFETCHED_BATCHES + 1))
    this.rescuer = new DecodeThread(worker, 1)
  }

  /** @returns the header of each image, or why it has none. */
  readHeaders(files: readonly ImageFile[]): Promise<(ImageHeader | ImageFailure)[]> {
    const task = (files: readonly ImageFile[]): HeaderTask => ({ files, maxPixels: this.maxPixels })
    return this.share(files, { name: 'readHeaders', task })
  }

  /**
   * Decodes images of a batch.
   *
   * @returns for each image undefined, or why it could not be decoded; its rows then hold anything.
   */
  decode(jobs: readonly DecodeJob[], target: DecodeTarget): Promise<(ImageFailure | undefined)[]> {
    const task = (jobs: readonly DecodeJob[]): DecodeTask => ({ ...target, jobs })
    return this.share(jobs, { name: 'decodeImages', task })
  }

  /** Ends the threads, and rejects what they hold; a later call starts new ones. */
  async close(): Promise<void> {
    this.timesClosed++
    await Promise.all([...this.threads, this.rescuer].map((thread) => thread.close()))
  }

  /** Each thread gets its share as one task, so that it works on while this one is inside a training step. */
  private async share<Item, Result>(
    items: readonly Item[],
    work: Work<Item>,
  ): Promise<(Result | ImageFailure)[]> {
    const { threads, timesClosed } = this
    const results = await Promise.all(
      threads.map(async (thread, first): Promise<(Result | ImageFailure)[]> => {
        const share = items.filter((_, i) => i % threads.length === first)
        if (share.length === 0) return []
        try {
          return await thread.run(work.name, work.task(share))
        } catch (error) {
          this.checkOpen(timesClosed, error)
          return this.rescue(share, work)
        }
      }),
    )
    return items.map((_, i) => results[i % threads.length]![Math.floor(i / threads.length)]!)
  }

  /** Does the work of a thread that has ended, after other rescues. */
  private rescue<Item, Result>(
    items: readonly Item[],
    { name, task }: Work<Item>,
  ): Promise<(Result | ImageFailure)[]> {
    const { timesClosed } = this
    const results = this.rescued.then(async () => {
      const results: (Result | ImageFailure)[] = []
      for (const item of items) {
        this.checkOpen(timesClosed)
        try {
          results.push(...(await this.rescuer.run<Result[]>(name, task([item]))))
        } catch (error) {
          this.checkOpen(timesClosed, error)
          results.push({ reason: `an image that twice ended the thread that decoded it (${String(error)})` })
        }
      }
      return results
    })
    this.rescued = results.catch(() => {})
    return results
  }

  private checkOpen(timesClosed: number, cause?: unknown): void {
    if (this.timesClosed > timesClosed) throw new Error('the dataset was closed while it was read', { cause })
  }
}
