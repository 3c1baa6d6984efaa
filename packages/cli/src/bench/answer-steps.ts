/** The protocol of the benchmark's processes: a line in, a line out. */
import { createInterface } from 'node:readline'

/** Until compilers, allocators and caches have settled: so many steps, and so many seconds of them. */
const WARM_UP = { steps: 3, seconds: 2 }

/**
 * Takes steps to warm up, says `ready NAME`, and then answers each line of standard input: a number with the seconds that as many
 * steps took, `memory` with the most bytes that the process has held, `result` with what the last step returned, as JSON.
 */
export async function answerSteps(
  name: string,
  step: () => Promise<unknown>,
  warmUpSteps: number = WARM_UP.steps,
): Promise<void> {
  let result: unknown
  const take = async (): Promise<void> => {
    result = await step()
  }
  for (let seconds = 0; seconds < WARM_UP.seconds; ) seconds += await secondsOf(warmUpSteps, take)
  console.log(`ready ${name}`)
  for await (const line of createInterface(process.stdin)) {
    if (line === 'memory') console.log(process.resourceUsage().maxRSS * 1024)
    else if (line === 'result') console.log(JSON.stringify(result))
    else console.log(await secondsOf(Number(line), take))
  }
}

async function secondsOf(steps: number, step: () => Promise<void>): Promise<number> {
  const began = performance.now()
  for (let i = 0; i < steps; i++) await step()
  return (performance.now() - began) / 1000
}
