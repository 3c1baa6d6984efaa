/**
 * Keys and values that the processes of a group share over TCP: how they find each other without MPI.
 *
 * Rank 0 keeps the values; the others ask it in lines of JSON. As with other such stores, who reaches the port can read
 * and write: keep it inside the cluster's network.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkInteger, checkPositive, checkRange, SimclrError } from '@simclr/core'

export interface TcpStoreOptions {
  /** This process, 0..size-1. */
  readonly rank: number
  readonly size: number
  /** Where rank 0 is; it listens on all interfaces itself. */
  readonly host: string
  /** 0 lets rank 0 choose a free one. */
  readonly port: number
  /** Longest wait for rank 0, and for a value; default 60. */
  readonly timeoutSeconds?: number
}

/** Bytes by name, the same on every rank. */
export interface TcpStore {
  readonly rank: number
  readonly size: number
  /** Where rank 0 listens. */
  readonly port: number
  /** Resolves when rank 0 has the value. */
  set(key: string, value: Uint8Array): Promise<void>
  /** Resolves once a rank has set the key. @throws SimclrError if none does in time, or a rank ended without `close` */
  get(key: string): Promise<Uint8Array>
  /** Leaves the group; what is still waited for here fails. */
  close(): void
}

/** Sets a key to bytes in base64, or asks for it. */
interface Question {
  readonly key: string
  readonly value?: string | undefined
}

/** The value, or the rank without which nobody may set it any more. */
interface Answer {
  readonly value?: string
  readonly left?: number
}

/** The way to the values. */
interface Shelf {
  readonly port: number
  ask(question: Question): Promise<Answer>
  close(): void
  /** What is known of those who could set a key. */
  members(): string
}

const GREETING = 'simclr-tcp-store'
/** Bytes; a line holds them in base64, and a name. */
const LONGEST_VALUE = 2 ** 25
const LONGEST_LINE = 2 * LONGEST_VALUE
const GREETING_MILLISECONDS = 10_000
const RETRY_MILLISECONDS = 100

/**
 * Joins the store of a group: rank 0 opens it, the others try to reach it until the timeout. Open sockets do not keep a
 * process alive; waiting does.
 *
 * @throws SimclrError if rank 0's port is in use, if nobody listens until the timeout, if something else answers there,
 *   or if the rank or the size does not agree with what the others say.
 * @example
 * const store = await openTcpStore({ rank, size, host: '10.0.0.1', port: 29500 })
 * if (rank === 0) await store.set('seed', new Uint8Array([7]))
 * const seed = await store.get('seed')
 */
export async function openTcpStore(options: TcpStoreOptions): Promise<TcpStore> {
  const { rank, size, timeoutSeconds = 60 } = options
  checkInteger('openTcpStore: size', size, 1)
  checkPositive('openTcpStore: timeoutSeconds', timeoutSeconds)
  checkInteger('openTcpStore: rank', rank, 0)
  checkRange('openTcpStore: rank', rank, 0, size - 1)
  const shelf =
    rank === 0 ? await openShelf(options.port, size) : await reachShelf(options, timeoutSeconds * 1000)
  const ask = async (question: Question): Promise<Answer> => {
    const fail = (expected: string, received: string, remedy: string): never => {
      throw new SimclrError({ parameter: `TcpStore: key "${question.key}"`, expected, received, remedy })
    }
    const stop = new AbortController()
    const late = sleep(timeoutSeconds * 1000, 'late' as const, { signal: stop.signal })
    const answer = await Promise.race([shelf.ask(question), late])
    if (answer === 'late') {
      const remedy = 'See what the other ranks print, or raise timeoutSeconds.'
      return fail(`set within ${timeoutSeconds} s`, `nothing ${shelf.members()}`, remedy)
    }
    late.catch(() => {})
    stop.abort()
    if (answer.left === undefined) return answer
    const received = answer.left === rank ? 'a closed store' : `no value, and rank ${answer.left} is gone`
    return fail('set before its rank leaves', received, `See what rank ${answer.left} printed last.`)
  }
  return {
    rank,
    size,
    port: shelf.port,
    set: async (key, value) => {
      checkRange('TcpStore: number of bytes', value.length, 0, LONGEST_VALUE)
      await ask({ key, value: Buffer.from(value).toString('base64') })
    },
    get: async (key) => new Uint8Array(Buffer.from((await ask({ key })).value ?? '', 'base64')),
    close: () => shelf.close(),
  }
}

/** Rank 0: keeps the values and answers the others. */
async function openShelf(port: number, size: number): Promise<Shelf> {
  const values = new Map<string, string>()
  const joined = new Map<number, Socket>()
  let waiting: { key: string; reply: (answer: Answer) => void }[] = []
  let left: number | undefined

  const take = ({ key, value }: Question, reply: (answer: Answer) => void): void => {
    const present = values.get(key)
    if (value !== undefined) {
      values.set(key, value)
      reply({})
      for (const other of waiting) if (other.key === key) other.reply({ value })
      waiting = waiting.filter((other) => other.key !== key)
    } else if (present !== undefined) reply({ value: present })
    else if (left !== undefined) reply({ left })
    else waiting.push({ key, reply })
  }
  const leave = (rank: number): void => {
    left ??= rank
    for (const { reply } of waiting) reply({ left })
    waiting = []
  }

  const server = createServer((socket) => {
    let rank: number | undefined
    socket.unref().setTimeout(GREETING_MILLISECONDS, () => socket.destroy())
    const receive = (message: Fields): void => {
      if (rank === undefined) {
        const refusal = refuse(message, size, joined)
        if (refusal !== undefined) socket.end(line({ refusal }))
        if (refusal !== undefined || message.greeting !== GREETING) return void socket.destroySoon()
        rank = message.rank as number
        joined.set(rank, socket.setTimeout(0))
        socket.write(line({ greeting: GREETING }))
      } else if (message.bye === true) {
        socket.off('close', onClose)
      } else if (typeof message.key === 'string') {
        const value = typeof message.value === 'string' ? message.value : undefined
        take({ key: message.key, value }, (answer) => {
          if (socket.writable) socket.write(line({ ...answer, id: message.id }))
        })
      }
    }
    const onClose = (): void => {
      if (rank !== undefined) leave(rank)
    }
    socket.on('close', onClose)
    onLines(socket, receive, () => socket.destroy())
  })
  try {
    await once(server.listen(port).unref(), 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const received = code === 'EADDRINUSE' ? `${port}, which is in use` : `${port} (${message})`
    throw wrong('port', 'free on the machine of rank 0', received, 'Choose another one for all ranks.', error)
  }
  server.on('error', () => {})
  return {
    port: (server.address() as AddressInfo).port,
    ask: (question) => new Promise((resolve) => take(question, resolve)),
    members: () => {
      const others = [0, ...joined.keys()].sort((a, b) => a - b)
      return `while ${others.length} of ${size} ranks have joined: ${others.join(', ')}`
    },
    close: () => {
      server.close()
      leave(0)
      for (const socket of joined.values()) socket.end()
    },
  }
}

/** @returns what is wrong with the greeting of a rank; undefined if nothing, or if it is a stranger's. */
function refuse({ greeting, rank, size }: Fields, ownSize: number, joined: Map<number, Socket>): unknown {
  if (greeting !== GREETING) return undefined
  if (size !== ownSize) return `size ${size}, where rank 0 has ${ownSize}`
  if (typeof rank !== 'number') return `rank ${rank}`
  return rank === 0 || joined.has(rank) ? `rank ${rank}, which has joined already` : undefined
}

/** Other ranks: tries to reach rank 0. */
async function reachShelf(options: TcpStoreOptions, milliseconds: number): Promise<Shelf> {
  const end = performance.now() + milliseconds
  for (;;) {
    try {
      return await greet(options, end - performance.now())
    } catch (error) {
      if (SimclrError.isInstance(error)) throw error
      if (performance.now() + RETRY_MILLISECONDS >= end) {
        const expected = `where rank 0 listens within ${milliseconds / 1000} s`
        const received = `${options.host}:${options.port} (${(error as Error).message})`
        const remedy = 'Start rank 0, and give all ranks the host and the port that it listens on.'
        throw wrong('host and port', expected, received, remedy, error)
      }
      await sleep(RETRY_MILLISECONDS)
    }
  }
}

/** One attempt. @throws SimclrError if another attempt would be in vain */
function greet({ rank, size, host, port }: TcpStoreOptions, milliseconds: number): Promise<Shelf> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host)
    const pending = new Map<number, (answer: Answer) => void>()
    let ids = 0
    let left: number | undefined
    socket.setTimeout(Math.max(milliseconds, 1), () => socket.destroy(new Error('no answer')))
    const ask = (question: Question): Promise<Answer> =>
      left === undefined
        ? new Promise((answer) => {
            pending.set(ids, answer)
            socket.write(line({ ...question, id: ids++ }))
          })
        : Promise.resolve({ left })
    const leave = (who: number): void => {
      left ??= who
      for (const answer of pending.values()) answer({ left })
      pending.clear()
    }
    const close = (): void => {
      if (left === undefined) socket.end(line({ bye: true }))
      leave(rank)
    }
    const receive = (message: Fields): void => {
      if (message.greeting === GREETING) {
        socket.setTimeout(0).unref()
        resolve({ port, ask, close, members: () => 'so far' })
      } else if (message.refusal !== undefined) {
        const expected = 'a size that all share and a rank of its own'
        const remedy = 'Start as many processes as size says, with ranks from 0.'
        reject(wrong('rank and size', expected, String(message.refusal), remedy))
      } else {
        const answer = pending.get(message.id as number)
        pending.delete(message.id as number)
        answer?.(message as Answer)
      }
    }
    const isStranger = (): void => {
      const received = `${host}:${port}, where another program answers`
      reject(wrong('host and port', 'where rank 0 listens', received, 'Choose another port for all ranks.'))
      socket.destroy()
    }
    socket.once('connect', () => socket.write(line({ greeting: GREETING, rank, size })))
    socket.once('error', reject)
    socket.once('close', () => {
      reject(new Error('the connection was closed'))
      leave(0)
    })
    onLines(socket, receive, isStranger)
  })
}

type Fields = Readonly<Record<string, unknown>>

function line(message: object): string {
  return `${JSON.stringify(message)}\n`
}

/** Hands each line to `receive`; calls `drop` at one that is not JSON or too long, to end the connection. */
function onLines(socket: Socket, receive: (message: Fields) => void, drop: () => void): void {
  let rest = ''
  socket.setEncoding('utf8').on('error', () => {})
  socket.on('data', (chunk: Buffer | string) => {
    const [first, ...others] = String(chunk).split('\n')
    const lines = [rest + first, ...others]
    rest = lines.pop()!
    if (rest.length > LONGEST_LINE) drop()
    for (const text of lines) {
      if (socket.destroyed) return
      try {
        receive(Object(JSON.parse(text)) as Fields)
      } catch {
        drop()
      }
    }
  })
}

function wrong(name: string, expected: string, received: string, remedy: string, cause?: unknown): Error {
  return new SimclrError({ parameter: `openTcpStore: ${name}`, expected, received, remedy, cause })
}
