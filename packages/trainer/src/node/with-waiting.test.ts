import { afterEach, expect, it, vi } from 'vitest'
import { withWaiting } from './with-waiting.ts'

afterEach(() => vi.restoreAllMocks())

it('counts the time of the source and not that of the consumer', async () => {
  let milliseconds = 0
  vi.spyOn(performance, 'now').mockImplementation(() => milliseconds)
  let closed = false
  async function* source(): AsyncGenerator<number> {
    try {
      for (const delay of [60, 0, 20, 30]) {
        milliseconds += delay
        yield delay
      }
    } finally {
      closed = true
    }
  }
  const waited: number[] = []
  for await (const { item, waitSeconds } of withWaiting(source())) {
    waited.push(waitSeconds)
    milliseconds += 1000
    if (item === 20) break
  }
  expect(waited).toEqual([0.06, 0, 0.02])
  expect(closed).toBe(true)
})
