/** What a benchmark prints: a table for people, and one line of JSON for programs. */
import { availableParallelism, cpus, totalmem } from 'node:os'

/** One comparison; a ratio above 1 means that we are faster (or smaller). */
export interface BenchCase {
  readonly case: string
  readonly peer: string
  readonly unit: string
  readonly ours: number
  readonly theirs: number
  readonly ratio: number
}

/** What is measured without a peer. */
export interface BenchFigure {
  readonly figure: string
  readonly unit: string
  readonly ours: number
}

/** The last line of `simclr bench NAME --json`. */
export interface BenchReport {
  readonly name: string
  readonly machine: string
  readonly cases: readonly BenchCase[]
  readonly figures?: readonly BenchFigure[]
}

/** Processor, threads and memory of this machine. */
export function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} threads, ${memory} GiB, Node ${process.version}`
}

/** The table. */
export function formatBench({ machine, cases, figures = [] }: BenchReport): string {
  const rows = cases.map(
    ({ case: name, peer, unit, ours, theirs, ratio }) =>
      `${name}: ours ${ours.toFixed(1)} ${unit}, ${peer} ${theirs.toFixed(1)} ${unit}, ratio ${ratio.toFixed(2)}`,
  )
  const single = figures.map(({ figure, unit, ours }) => `${figure}: ${ours.toFixed(1)} ${unit}`)
  return [...rows, ...single, `medians of interleaved repetitions on ${machine}`].join('\n')
}
