/**
 * Training steps of one rank, and what its collective operations take: rank 0 prints a line of JSON.
 *
 * usage: mpirun -n RANKS node scale-worker.js ENGINE THREADS VIEWS STEPS   (VIEWS of all ranks together)
 */
import { joinProcessGroup } from '@simclr/distributed'
import { type EngineName, useEngine } from '@simclr/engine'
import { fill, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { median } from './median.ts'
import type { RankTimes } from './scale-times.ts'
import { createStep, STEP_CASES } from './step-case.ts'

const WARM_UP_STEPS = 2
const SMALL_FLOATS = 1024
const LARGE_FLOATS = 6_250_000

const [engine, threads, views, steps] = process.argv.slice(2)
const group = await joinProcessGroup({ hangTimeout: 0 })
await useEngine(engine as EngineName, { threads: Number(threads) })
const communicator = group.overMpi()
const { rank, size } = group

/** Median seconds, after the first calls. */
async function time(count: number, call: () => unknown): Promise<number> {
  for (let i = 0; i < WARM_UP_STEPS; i++) await call()
  const seconds: number[] = []
  for (let i = 0; i < count; i++) {
    communicator.barrier()
    const began = performance.now()
    await call()
    seconds.push((performance.now() - began) / 1000)
  }
  return median(seconds)
}

const step = createStep({ ...STEP_CASES[0]!, views: Number(views) / size }, communicator)
const stepSeconds = await time(Number(steps), () => step.run())
const reduce = (tensor: Tensor): void => communicator.allReduceSum(tensor).dispose()
const [small, large] = tidy(() => [fill([SMALL_FLOATS], 1), fill([LARGE_FLOATS], 1)])
const times: RankTimes = {
  ranks: size,
  stepSeconds,
  smallReduceSeconds: await time(50, () => reduce(small!)),
  largeReduceSeconds: await time(10, () => reduce(large!)),
  largeBytes: 4 * LARGE_FLOATS,
  version: group.version,
  parameters: step.parameters,
  batchNormChannels: step.batchNormChannels,
}
if (rank === 0) console.log(JSON.stringify(times))
await group.close()
