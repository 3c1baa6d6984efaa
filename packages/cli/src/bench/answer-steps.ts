/** The protocol of the benchmark's processes: a line in, a line out. */
import { createInterface } from 'node:readline'

/** Until compilers, allocators and caches have settled: so many steps, and so many seconds of them. */
const WARM_UP = { steps: 3, seconds: 2 }

/**
 * Takes steps to warm up, says `ready NAME`, and then answers each line of standard input: a number with the seconds that as many
 * steps took, `memory` with the most bytes that the process has held.
 */
export async function answerSteps(name: string, step: () => Promise<unknown>): Promise<void> {
  for (let seconds = 0; seconds < WARM_UP.seconds; ) seconds += await secondsOf(WARM_UP.steps, step)
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
