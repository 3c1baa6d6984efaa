/** Notices ranks that hang or vanish, and ends the job: MPI itself would wait for them for ever. */
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { hostname, networkInterfaces } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Exchange } from '../exchange-texts.ts'
import type { WaitObserver } from '../tensor-communicator.ts'
import { createProgress, writeProgress } from './progress.ts'
import type { FromWorker, ToWorker, WatchSettings } from './watch-messages.ts'

export interface WatchOptions {
  /** Of every rank. */
  readonly hosts: readonly string[]
  /** How long a rank may be silent, or keep others waiting without a sign of life, in seconds. */
  readonly timeoutSeconds: number
  /** Receives one line if rank 0 cannot be reached, and hangs will go unnoticed. */
  readonly warn: (line: string) => void
}

/** Watches this process and the others. */
export interface Watch {
  /** To be put around every wait for other ranks. */
  readonly observe: WaitObserver
  /** Ends the watch; every rank does so before it ends. */
  close(): Promise<void>
}

const PULSE_MILLISECONDS = 1000

/** Called by every rank. */
export async function startWatch(
  rank: number,
  exchange: Exchange,
  { hosts, timeoutSeconds, warn }: WatchOptions,
): Promise<Watch> {
  const [token = ''] = await exchange(randomBytes(8).toString('hex'))
  const progress = createProgress()
  const settings: WatchSettings = { rank, hosts, timeoutSeconds, token, progress }
  // Threads load the built file also when this one runs from its TypeScript source.
  const file = createRequire(import.meta.url).resolve('@simclr/distributed/watch-worker')
  const worker = new Worker(file, { workerData: settings, execArgv: [] })
  const tell = (message: ToWorker): void => worker.postMessage(message)

  const port = rank === 0 ? await listeningPort(worker) : 0
  const [leader = ''] = await exchange(JSON.stringify({ port, addresses: ownAddresses() }))
  if (rank > 0) {
    const { addresses, port } = JSON.parse(leader) as { addresses: string[]; port: number }
    const local = hosts[rank] === hosts[0] ? ['127.0.0.1'] : []
    tell({ type: 'join', addresses: [...local, ...addresses], port })
    if ((await nextMessage(worker)).type === 'unwatched') {
      warn(`rank ${rank} (${hosts[rank]}) does not reach rank 0 over TCP: if it hangs, the job waits for it`)
    }
  }
  worker.unref()
  const pulse = setInterval(() => writeProgress(progress, false), PULSE_MILLISECONDS).unref()
  return {
    observe: (wait) => {
      writeProgress(progress, true)
      try {
        return wait()
      } finally {
        writeProgress(progress, false)
      }
    },
    close: async () => {
      clearInterval(pulse)
      worker.ref()
      const ended = new Promise((resolve) => worker.once('exit', resolve))
      tell({ type: 'close' })
      await ended
    },
  }
}

function nextMessage(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function listeningPort(worker: Worker): Promise<number> {
  const message = await nextMessage(worker)
  return message.type === 'listening' ? message.port : 0
}

function ownAddresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const outer = own.filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
  return [...outer.map(({ address }) => address), hostname()]
}
