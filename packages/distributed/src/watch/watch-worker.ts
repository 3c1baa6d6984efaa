/**
 * A thread that tells rank 0 every second how its rank is doing, and on rank 0 looks at all of them. It runs on while the main
 * thread is inside of MPI, where JavaScript stands still; a stopped process stops it too.
 */
import { writeSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { parentPort, workerData } from 'node:worker_threads'
import { findFailure, type RankStatus } from './find-failure.ts'
import { readProgress } from './progress.ts'
import type { FromWorker, Greeting, ToWorker, WatchSettings } from './watch-messages.ts'

const TICK_MILLISECONDS = 1000
/** Of members that have not reached rank 0 yet. */
const CONNECT_MILLISECONDS = 3000

const { rank, hosts, timeoutSeconds, token, progress } = workerData as WatchSettings
const main = parentPort!
const say = (message: FromWorker): void => main.postMessage(message)
let isClosing = false

/** Ends this process, and with it the job: the main thread cannot be asked, it may be inside of MPI. */
function fail(failure: string): void {
  if (isClosing) return
  isClosing = true
  complain(failure)
  process.kill(process.pid, 'SIGKILL')
}

function complain(failure: string): void {
  writeSync(2, `error: ${failure}. The job ends; checkpoints remain: continue with --resume.\n`)
}

/** What another rank said last. */
interface Heard {
  rank: number
  at: number
  isWaiting: boolean
  idleSeconds: number
  isGone: boolean
  isDone: boolean
}

const secondsSince = (time: number): number => (Date.now() - time) / 1000

function ownStatus(): RankStatus {
  return { rank, host: hosts[rank]!, ...readProgress(progress), silentSeconds: 0, isGone: false }
}

function lines(socket: Socket, receive: (message: Greeting) => void): void {
  socket.on('error', () => {})
  createInterface(socket).on('line', (line) => {
    try {
      receive(JSON.parse(line) as Greeting)
    } catch {
      socket.destroy()
    }
  })
}

const send = (socket: Socket, message: Greeting): void => void socket.write(`${JSON.stringify(message)}\n`)

function lead(): void {
  const heard = new Map<number, Heard>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let from: Heard | undefined
    lines(socket, (message) => {
      if (message.token !== token) return socket.destroy()
      const { rank: other, isWaiting = false, idleSeconds = 0, isDone = false } = message
      from = { rank: other, at: Date.now(), isWaiting, idleSeconds, isGone: false, isDone }
      heard.set(other, from)
      send(socket, { token, rank })
    })
    socket.on('close', () => {
      sockets.delete(socket)
      if (from === undefined || from.isDone || isClosing) return
      from.isGone = true
      complain(`rank ${from.rank} of ${hosts.length} (${hosts[from.rank]}) has ended`)
    })
  })
  server.on('error', () => say({ type: 'unwatched' }))
  server.listen(0, () => say({ type: 'listening', port: (server.address() as { port: number }).port }))
  const timer = setInterval(() => {
    const others = [...heard.values()].filter(({ isDone }) => !isDone)
    const statuses = others.map(({ rank: other, at, isWaiting, idleSeconds, isGone }) => ({
      ...{ rank: other, host: hosts[other]!, isWaiting, isGone },
      idleSeconds: idleSeconds + secondsSince(at),
      silentSeconds: secondsSince(at),
    }))
    const failure = findFailure([ownStatus(), ...statuses], hosts.length, timeoutSeconds)
    if (failure !== undefined) fail(failure)
  }, TICK_MILLISECONDS)
  main.on('message', (message: ToWorker) => {
    if (message.type !== 'close') return
    isClosing = true
    clearInterval(timer)
    for (const socket of sockets) {
      send(socket, { token, rank, isDone: true })
      socket.end()
    }
    server.close()
    main.close()
  })
}

function follow(): void {
  let socket: Socket | undefined
  let answered = Date.now()
  let timer: NodeJS.Timeout | undefined
  const report = (isDone = false): void => {
    const { isWaiting, idleSeconds } = ownStatus()
    if (socket !== undefined) send(socket, { token, rank, isWaiting, idleSeconds, isDone })
  }
  const watch = (connected: Socket): void => {
    socket = connected
    timer = setInterval(() => {
      report()
      const leader: RankStatus = {
        ...{ rank: 0, host: hosts[0]!, isWaiting: false, idleSeconds: 0 },
        silentSeconds: secondsSince(answered),
        isGone: connected.destroyed,
      }
      const failure = findFailure([leader], hosts.length, timeoutSeconds)
      if (failure !== undefined) fail(failure)
    }, TICK_MILLISECONDS)
  }
  const join = ([address, ...rest]: readonly string[], port: number): void => {
    if (address === undefined) {
      say({ type: 'unwatched' })
      return
    }
    const attempt = connect({ host: address, port, timeout: CONNECT_MILLISECONDS })
    let isKnown = false
    lines(attempt, (message) => {
      if (message.token !== token) return attempt.destroy()
      answered = Date.now()
      if (message.isDone === true) {
        isClosing = true
        clearInterval(timer)
      }
      if (isKnown) return
      isKnown = true
      attempt.setTimeout(0)
      watch(attempt)
      say({ type: 'watched' })
    })
    attempt.on('connect', () => send(attempt, { token, rank, isWaiting: false, idleSeconds: 0 }))
    attempt.on('timeout', () => attempt.destroy())
    attempt.on('close', () => {
      if (!isKnown) join(rest, port)
    })
  }
  main.on('message', (message: ToWorker) => {
    if (message.type === 'join') {
      join(message.addresses, message.port)
      return
    }
    isClosing = true
    clearInterval(timer)
    report(true)
    socket?.end()
    main.close()
  })
}

if (rank === 0) lead()
else follow()
