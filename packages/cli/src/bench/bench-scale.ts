/** `simclr bench scale`: a training step over several ranks beside the same batch on one, and beside the cost model. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { SimclrError } from '@simclr/core'
import { stepCost } from '@simclr/distributed'
import type { EngineName } from '@simclr/engine'
import type { BenchCase, BenchFigure } from './bench-report.ts'
import type { CompareOptions } from './compare.ts'
import { median } from './median.ts'
import type { RankTimes } from './scale-times.ts'
import { workerScript } from './script-paths.ts'
import { STEP_CASES } from './step-case.ts'

export interface BenchScaleOptions extends CompareOptions {
  readonly engine: EngineName
  /** What starts the ranks, with its options: `mpirun --bind-to none`. */
  readonly mpirun: string
}

/** Processes are started for every repetition; a few steps each suffice. */
const STEPS = 4
const REPETITIONS = 5
const PROJECTION_WIDTH = 128

/** Ranks and threads of each; the second is the peer of the third. */
function layouts(): { ranks: number; threads: number }[] {
  const cores = availableParallelism()
  return [
    { ranks: 1, threads: 1 },
    { ranks: 1, threads: cores },
    { ranks: cores, threads: 1 },
    { ranks: 2 * cores, threads: 1 },
  ]
}

/**
 * Measures ResNet-18 with 128 views in turns: one rank on one core, one on all cores, a rank for each core, and twice as
 * many. The model's rate, bandwidth and latency are those of the same run.
 */
export async function benchScale(
  options: BenchScaleOptions,
): Promise<{ cases: BenchCase[]; figures: BenchFigure[] }> {
  const { name, views } = STEP_CASES[0]!
  const all = layouts()
  const measured = new Map(all.map((layout) => [layout, [] as RankTimes[]]))
  for (let i = 0; i < Math.min(options.repetitions, REPETITIONS); i++) {
    for (const layout of i % 2 === 0 ? all : [...all].reverse()) {
      const times = await measure(layout, views, options)
      measured.get(layout)!.push(times)
      const rate = (views / times.stepSeconds).toFixed(1)
      options.log(`${name}: ${describe(layout)} ${rate} views/s`)
    }
  }
  const [one, whole, spread, crowded] = all.map((layout) => middle(measured.get(layout)!)) as [
    ...[RankTimes, RankTimes, RankTimes, RankTimes],
  ]
  const [ours, theirs] = [views / spread.stepSeconds, views / whole.stepSeconds]
  const scaling: BenchCase = {
    case: `${name}, ${describe(all[2]!)}`,
    peer: describe(all[1]!),
    unit: 'views/s',
    ours,
    theirs,
    ratio: ours / theirs,
  }
  return { cases: [scaling], figures: [one, spread, crowded].flatMap((times) => beside(times, one, views)) }
}

function describe({ ranks, threads }: { ranks: number; threads: number }): string {
  return `${ranks} ${ranks === 1 ? 'rank' : 'ranks'} × ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

/** What was measured, and what the model says from the rate of one rank and this layout's own network. */
function beside(times: RankTimes, one: RankTimes, views: number): BenchFigure[] {
  const { ranks, stepSeconds, smallReduceSeconds, largeReduceSeconds, largeBytes } = times
  const messages = 2 * Math.max(1, Math.ceil(Math.log2(ranks)))
  const latency = Math.max(smallReduceSeconds / messages, 1e-9)
  const bandwidth = ((2 * (ranks - 1)) / ranks || 1) * (largeBytes / largeReduceSeconds)
  const share = Math.min(1, availableParallelism() / ranks)
  const { seconds } = stepCost({
    ranks,
    work: {
      parameters: times.parameters,
      batchNormLayers: times.batchNormChannels.length,
      batchNormChannels: times.batchNormChannels.reduce((sum, channels) => sum + channels, 0),
      projectionWidth: PROJECTION_WIDTH,
      batchSize: views / 2,
    },
    machine: { viewsPerSecond: (share * views) / one.stepSeconds, link: { bandwidth, latency } },
  })
  const of = `${ranks} ${ranks === 1 ? 'rank' : 'ranks'}`
  return [
    { figure: `${of}: step`, unit: 'ms', ours: 1000 * stepSeconds },
    { figure: `${of}: step by the model`, unit: 'ms', ours: 1000 * seconds.total },
    { figure: `${of}: sum of 4 kB`, unit: 'µs', ours: 1e6 * smallReduceSeconds },
    { figure: `${of}: sum of 25 MB`, unit: 'ms', ours: 1000 * largeReduceSeconds },
  ]
}

/** The run whose step takes the median time. */
function middle(runs: readonly RankTimes[]): RankTimes {
  const of = (key: 'stepSeconds' | 'smallReduceSeconds' | 'largeReduceSeconds'): number =>
    median(runs.map((run) => run[key]))
  return {
    ...runs[0]!,
    stepSeconds: of('stepSeconds'),
    smallReduceSeconds: of('smallReduceSeconds'),
    largeReduceSeconds: of('largeReduceSeconds'),
  }
}

function measure(
  { ranks, threads }: { ranks: number; threads: number },
  views: number,
  { engine, mpirun }: BenchScaleOptions,
): Promise<RankTimes> {
  const [command = '', ...flags] = mpirun.split(' ')
  const worker = [workerScript('scale-worker.js'), engine, String(threads), String(views), String(STEPS)]
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...flags, '-n', String(ranks), process.execPath, ...worker], {
      env: { ...process.env, OMP_NUM_THREADS: String(threads) },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    const fail = (received: string): void =>
      reject(
        new SimclrError({
          parameter: `bench scale: ${mpirun}`,
          expected: `able to start ${ranks} ranks`,
          received,
          remedy:
            'Name the launcher with its options, e.g. --mpirun "mpirun --oversubscribe --bind-to none".',
        }),
      )
    child.on('error', (error) => fail(error.message))
    child.on('close', () => {
      const line = stdout.split('\n').find((each) => each.startsWith('{'))
      if (line === undefined) fail(stderr.trim().split('\n').at(-1) ?? 'no result')
      else resolve(JSON.parse(line) as RankTimes)
    })
  })
}
