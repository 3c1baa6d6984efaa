/** How the main thread lets its watching thread see that it makes progress: a few bytes that both share. */

const TIME = 0
const WAITING = 1

export function createProgress(): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT)
  writeProgress(shared, false)
  return shared
}

/** @param isWaiting Whether the thread now waits for other ranks. */
export function writeProgress(shared: SharedArrayBuffer, isWaiting: boolean): void {
  const cells = new BigInt64Array(shared)
  Atomics.store(cells, TIME, BigInt(Date.now()))
  Atomics.store(cells, WAITING, isWaiting ? 1n : 0n)
}

export function readProgress(shared: SharedArrayBuffer): { isWaiting: boolean; idleSeconds: number } {
  const cells = new BigInt64Array(shared)
  const idleSeconds = (Date.now() - Number(Atomics.load(cells, TIME))) / 1000
  return { isWaiting: Atomics.load(cells, WAITING) === 1n, idleSeconds }
}
