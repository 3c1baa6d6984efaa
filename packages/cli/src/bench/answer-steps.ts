/** The protocol of the benchmark's processes: a line in, a line out. */
import { createInterface } from 'node:readline'

/** Steps until compilers, allocators and caches have settled. */
const WARM_UP = 3

/**
 * Takes a few steps to warm up, says `ready NAME`, and then answers each line of standard input: a number with the seconds that as many
 * steps took, `memory` with the most bytes that the process has held.
 */
export async function answerSteps(name: string, step: () => Promise<unknown>): Promise<void> {
  await secondsOf(WARM_UP, step)
  console.log(`ready ${name}`)
  for await (const line of createInterface(process.stdin)) {
    console.log(
      line === 'memory' ? process.resourceUsage().maxRSS * 1024 : await secondsOf(Number(line), step),
    )
  }
}

async function secondsOf(steps: number, step: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  for (let i = 0; i < steps; i++) await step()
  return (performance.now() - began) / 1000
}
