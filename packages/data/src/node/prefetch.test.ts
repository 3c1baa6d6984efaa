import { expect, it } from 'vitest'
import { prefetch } from './prefetch.ts'

it('prefetch keeps the order, works ahead, and no further than its depth', async () => {
  const begun: number[] = []
  const work = async (input: number) => {
    begun.push(input)
    await new Promise((resolve) => setTimeout(resolve, input % 2 === 0 ? 8 : 1))
    return input
  }
  const received: number[] = []
  for await (const result of prefetch([0, 1, 2, 3, 4, 5, 6], work, 2)) {
    received.push(result)
    expect(begun.length).toBe(Math.min(7, result + 3))
  }
  expect(received).toEqual([0, 1, 2, 3, 4, 5, 6])
})

it('prefetch reports a failure in its turn, after the results before it', async () => {
  const received: number[] = []
  const run = async () => {
    const work = async (input: number) => {
      if (input === 2) throw new Error('input 2')
      return input
    }
    for await (const result of prefetch([0, 1, 2, 3], work, 3)) received.push(result)
  }
  await expect(run()).rejects.toThrow('input 2')
  expect(received).toEqual([0, 1])
})

it('prefetch waits for what has begun when the consumer stops early', async () => {
  let running = 0
  const work = async (input: number) => {
    running++
    await new Promise((resolve) => setTimeout(resolve, 5))
    running--
    return input
  }
  for await (const result of prefetch([0, 1, 2, 3, 4], work, 2)) if (result === 1) break
  expect(running).toBe(0)
})
