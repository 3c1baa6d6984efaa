/** Which rank keeps the others waiting, from what all have said of themselves. */

/** What is known of a rank. */
export interface RankStatus {
  readonly rank: number
  readonly host: string
  /** Whether it waits for other ranks. */
  readonly isWaiting: boolean
  /** Time since it last began or ended to wait, or was otherwise seen to make progress. */
  readonly idleSeconds: number
  /** Time since its last message. */
  readonly silentSeconds: number
  /** Whether its connection has ended. */
  readonly isGone: boolean
}

/** Time for a launcher to end a job by itself, whose message then is the better one. */
const GRACE_SECONDS = 3

/**
 * @param ranks Those that are watched.
 * @param size Of the whole group.
 * @param timeoutSeconds How long a rank may be silent, or keep others waiting.
 * @returns what to tell the user; undefined if nothing is wrong.
 */
export function findFailure(
  ranks: readonly RankStatus[],
  size: number,
  timeoutSeconds: number,
): string | undefined {
  const name = ({ rank, host }: RankStatus): string => `rank ${rank} of ${size} (${host})`
  const gone = ranks.find(({ isGone, silentSeconds }) => isGone && silentSeconds > GRACE_SECONDS)
  if (gone !== undefined) return `${name(gone)} has ended`
  const silent = ranks.find(({ silentSeconds }) => silentSeconds > timeoutSeconds)
  if (silent !== undefined) {
    return `${name(silent)} has not answered for ${timeoutSeconds} s: it is stopped, or cannot be reached`
  }
  if (!ranks.some(({ isWaiting }) => isWaiting)) return undefined
  const busy = ranks.filter(({ isWaiting }) => !isWaiting)
  const stuck = busy.find(({ idleSeconds }) => idleSeconds > timeoutSeconds)
  if (stuck !== undefined) return `${name(stuck)} has kept the others waiting for ${timeoutSeconds} s`
  const all = busy.length === 0 && ranks.every(({ idleSeconds }) => idleSeconds > timeoutSeconds)
  return all ? `all ${ranks.length} ranks have waited for each other for ${timeoutSeconds} s` : undefined
}
