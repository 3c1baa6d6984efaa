/** `simclr bench logistic`: linear evaluation by logistic regression beside scikit-learn's. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineName } from '@simclr/engine'
import { regularizationPath } from '@simclr/eval'
import type { BenchCase, BenchFigure } from './bench-report.ts'
import { type CompareOptions, compare } from './compare.ts'
import { type LogisticCase, writeLogisticFeatures } from './logistic-case.ts'
import { PeerProcess } from './peer-process.ts'
import { peerScript, workerScript } from './script-paths.ts'

export interface BenchLogisticOptions extends CompareOptions {
  readonly engine: EngineName
  /** Python that has scikit-learn. */
  readonly python: string
  readonly threads: number
  /** Only cases whose name contains it. */
  readonly only: string
}

/** What both processes answer to `result`. */
interface Result {
  /** Along the path. */
  readonly objectives: readonly number[]
  /** Share of the test rows, 0..1. */
  readonly score: number
}

/** At most: the peer takes about a minute for each. */
const REPETITIONS = 3

/**
 * Measures values of λ per second, median over the repetitions: the path, and the fit to all rows at the chosen λ.
 * scikit-learn computes in the precision of its input: in float32, as we do, its fits end where rounding hides further
 * progress; in float64 they reach the tolerance.
 */
export async function benchLogistic(
  options: BenchLogisticOptions,
): Promise<{ cases: BenchCase[]; figures: BenchFigure[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'simclr-logistic-'))
  try {
    const problem: LogisticCase = {
      file: join(folder, 'features'),
      rows: [5000, 1000, 1000],
      width: 512,
      classes: 10,
      regularizations: regularizationPath().reverse(),
      tolerance: 1e-6,
    }
    await writeLogisticFeatures(problem)
    const cases: BenchCase[] = []
    const figures: BenchFigure[] = []
    for (const precision of ['float32', 'float64'] as const) {
      const name = `${problem.regularizations.length} values of λ, 5,000 × 512, 10 classes, beside ${precision}`
      if (!name.includes(options.only)) continue
      const repetitions = Math.min(options.repetitions, REPETITIONS)
      const { row, results } = await measure(name, problem, precision, { ...options, repetitions })
      cases.push(row)
      figures.push(...compareResults(results, precision))
    }
    return { cases, figures }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure(
  name: string,
  problem: LogisticCase,
  precision: string,
  options: BenchLogisticOptions,
): Promise<{ row: BenchCase; results: Result[] }> {
  const { engine, python, threads } = options
  const args = [JSON.stringify(problem), String(threads)]
  let results: Result[] = []
  const { peer, rates } = await compare(
    {
      name,
      steps: 1,
      views: problem.regularizations.length,
      unit: 'λ/s',
      ours: () => new PeerProcess(process.execPath, [workerScript('logistic-worker.js'), engine, ...args]),
      peer: () => new PeerProcess(python, [peerScript('logistic.py'), ...args, precision]),
      finish: async (...processes) => {
        results = await Promise.all(processes.map(async (each) => JSON.parse(await each.ask('result'))))
      },
    },
    options,
  )
  const [ours, theirs] = rates
  return { row: { case: name, peer, unit: 'λ/s', ours, theirs, ratio: ours / theirs }, results }
}

/** How far the objectives are apart, and what both score. */
function compareResults(results: readonly Result[], precision: string): BenchFigure[] {
  const [ours, theirs] = results as [Result, Result]
  const excess = ours.objectives.map((objective, i) => (objective / theirs.objectives[i]! - 1) * 1e6)
  const beside = `beside ${precision}`
  return [
    { figure: `our objective above theirs, at most, ${beside}`, unit: 'ppm', ours: Math.max(...excess) },
    { figure: `our objective below theirs, at most, ${beside}`, unit: 'ppm', ours: -Math.min(...excess) },
    {
      figure: `our test accuracy less theirs, ${beside}`,
      unit: 'points',
      ours: 100 * (ours.score - theirs.score),
    },
  ]
}
