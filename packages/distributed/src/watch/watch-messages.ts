/** What the watching threads and their main threads tell each other. */

export interface WatchSettings {
  readonly rank: number
  /** Of every rank. */
  readonly hosts: readonly string[]
  readonly timeoutSeconds: number
  /** Tells the processes of this job from strangers. */
  readonly token: string
  /** As `progress.ts` describes it. */
  readonly progress: SharedArrayBuffer
}

export type ToWorker =
  | { readonly type: 'join'; readonly addresses: readonly string[]; readonly port: number }
  | { readonly type: 'close' }

export type FromWorker =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'watched' }
  | { readonly type: 'unwatched' }

/** One line between two threads. */
export interface Greeting {
  readonly token: string
  readonly rank: number
  readonly isWaiting?: boolean
  readonly idleSeconds?: number
  /** Whether it leaves in order. */
  readonly isDone?: boolean
}
