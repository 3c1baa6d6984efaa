/** A worker thread that starts when there is work for it. */
import { Piscina } from 'piscina'

/** The thread ends with `close()`; while it is idle it does not keep the process alive. */
export class DecodeThread {
  private pool: Piscina | undefined

  /**
   * @param file What the thread runs.
   * @param capacity Tasks that the thread holds at a time, so that it works on while this one is busy.
   */
  constructor(
    private readonly file: string,
    private readonly capacity: number,
  ) {}

  /**
   * @param name The function of the file to call.
   * @throws the error that ended the thread, in every task that it held; the next call starts another one.
   */
  run<Result>(name: string, task: unknown): Promise<Result> {
    this.pool ??= this.start()
    return this.pool.run(task, { name })
  }

  /** Ends the thread; its tasks are rejected. */
  async close(): Promise<void> {
    const { pool } = this
    this.pool = undefined
    await pool?.destroy()
  }

  private start(): Piscina {
    const pool = new Piscina({
      filename: this.file,
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: this.capacity,
      execArgv: [], // loaders and conditions that the process was started with are not meant for it
      atomics: 'disabled', // the thread waits for sharp, not only for tasks
    })
    // Piscina would start a replacement, and leave tasks waiting for ever if this one ended before it is ready.
    pool.on('workerDestroy', () => {
      if (this.pool === pool) this.pool = undefined
      void pool.destroy()
    })
    pool.on('error', () => {}) // of a thread without tasks: nobody waits for it
    return pool
  }
}
