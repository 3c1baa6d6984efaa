/** `simclr bench loss`: NT-Xent, forward and backward, beside lightly's in PyTorch and the textbook's on plain engines. */
import type { EngineName } from '@simclr/engine'
import type { BenchCase } from './bench-report.ts'
import { type CompareOptions, type Comparison, type Contest, compare, speedCase } from './compare.ts'
import type { LossForm } from './loss-worker.ts'
import { PeerProcess } from './peer-process.ts'
import { peerScript, workerScript } from './script-paths.ts'

export interface BenchLossOptions extends CompareOptions {
  readonly engine: EngineName
  /** Engines of TensorFlow.js on which ours runs beside the textbook's composition. */
  readonly plainEngines: readonly EngineName[]
  /** Python that has torch and lightly. */
  readonly python: string
  /** Which cases: those whose name contains it. */
  readonly only: string
  readonly threads: number
}

/** Rows of 128 numbers, and how many steps make a repetition. */
const SIZES = [
  { rows: 1024, steps: 20 },
  { rows: 4096, steps: 3 },
  { rows: 16_384, steps: 1 },
] as const

/** Whose matrix takes no memory: what a process of this size holds is its library. */
const SMALLEST = { rows: 64, steps: 1 } as const

type Size = { readonly rows: number; readonly steps: number }

/** Measures every case: views per second, and what the largest batch adds to the memory of each process. */
export async function benchLoss(options: BenchLossOptions): Promise<BenchCase[]> {
  const { engine, plainEngines, only } = options
  const isWanted = (name: string): boolean => name.includes(only)
  const cases: BenchCase[] = []
  for (const size of SIZES.filter((size) => isWanted(nameOf(size, engine)))) {
    const name = nameOf(size, engine)
    const comparison = await compare(lightlyContest(name, size, options), options)
    cases.push(speedCase(name, comparison))
    if (size === SIZES.at(-1)) cases.push(await measureMemory(name, comparison, options))
  }
  for (const plain of plainEngines) {
    const name = nameOf(SIZES[0], plain)
    if (!isWanted(name)) continue
    const contest = {
      name,
      ...contestSize(SIZES[0]),
      ours: () => startWorker(plain, 'ours', SIZES[0], options),
      peer: () => startWorker(plain, 'textbook', SIZES[0], options),
    }
    cases.push(speedCase(name, await compare(contest, options)))
  }
  return cases
}

/** The most memory held beyond that of a process whose batch is small. */
async function measureMemory(
  name: string,
  { peer, bytes: [ours, theirs] }: Comparison,
  options: BenchLossOptions,
): Promise<BenchCase> {
  const contest = lightlyContest(nameOf(SMALLEST, options.engine), SMALLEST, options)
  const { bytes } = await compare(contest, { ...options, repetitions: 1 })
  const [ourExtra, theirExtra] = [ours - bytes[0], theirs - bytes[1]]
  return {
    case: `${name}: peak extra memory`,
    peer,
    unit: 'MB',
    ours: ourExtra / 1e6,
    theirs: theirExtra / 1e6,
    ratio: theirExtra / ourExtra,
  }
}

function lightlyContest(name: string, size: Size, options: BenchLossOptions): Contest {
  const { engine, python, threads } = options
  return {
    name,
    ...contestSize(size),
    ours: () => startWorker(engine, 'ours', size, options),
    peer: () => new PeerProcess(python, [peerScript('loss.py'), String(size.rows), String(threads)]),
  }
}

function startWorker(
  engine: EngineName,
  form: LossForm,
  { rows }: Size,
  { threads }: BenchLossOptions,
): PeerProcess {
  const args = [engine, form, rows, threads].map(String)
  return new PeerProcess(process.execPath, [workerScript('loss-worker.js'), ...args])
}

function contestSize({ rows, steps }: Size): Pick<Contest, 'steps' | 'views'> {
  return { steps, views: rows }
}

function nameOf({ rows }: Size, engine: EngineName): string {
  return `NT-Xent, ${rows} × 128, ${engine}`
}
