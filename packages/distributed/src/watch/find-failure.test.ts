import { expect, it } from 'vitest'
import { findFailure, type RankStatus } from './find-failure.ts'

const fine: Omit<RankStatus, 'rank'> = {
  host: 'a',
  isWaiting: false,
  idleSeconds: 1,
  silentSeconds: 1,
  isGone: false,
}
const group = (...changes: Partial<RankStatus>[]): RankStatus[] =>
  changes.map((change, rank) => ({ ...fine, rank, ...change }))

it.each([
  { what: 'all at work', ranks: group({}, {}) },
  { what: 'long work while nobody waits', ranks: group({ idleSeconds: 99 }, { idleSeconds: 99 }) },
  { what: 'a wait for a rank that makes progress', ranks: group({ isWaiting: true, idleSeconds: 99 }, {}) },
  { what: 'an end that the launcher may explain', ranks: group({}, { isGone: true, silentSeconds: 2 }) },
])('nothing is wrong: $what', ({ ranks }) => {
  expect(findFailure(ranks, ranks.length, 20)).toBeUndefined()
})

it.each([
  { ranks: group({}, { silentSeconds: 21 }), text: /^rank 1 of 2 \(a\) has not answered for 20 s/ },
  { ranks: group({}, {}, { isGone: true, silentSeconds: 4 }), text: /^rank 2 of 3 \(a\) has ended/ },
  {
    ranks: group({ idleSeconds: 21 }, { isWaiting: true, idleSeconds: 20 }),
    text: /^rank 0 of 2 \(a\) has kept the others waiting for 20 s/,
  },
  {
    ranks: group({ isWaiting: true, idleSeconds: 21 }, { isWaiting: true, idleSeconds: 30 }),
    text: /^all 2 ranks have waited for each other/,
  },
])('$text', ({ ranks, text }) => {
  expect(findFailure(ranks, ranks.length, 20)).toMatch(text)
})
