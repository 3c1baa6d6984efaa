/** `simclr bench step`: our training step beside PyTorch eager and stock tfjs-node, in turns, each in its own process. */
import { fileURLToPath } from 'node:url'
import type { EngineName } from '@simclr/engine'
import type { BenchCase } from './bench-report.ts'
import { median } from './median.ts'
import { PeerProcess } from './peer-process.ts'
import { STEP_CASES, type StepCase } from './step-case.ts'

export interface BenchStepOptions {
  readonly engine: EngineName
  /** Python that has torch. */
  readonly python: string
  /** Whether tfjs-node runs here. */
  readonly withTensorflow: boolean
  /** Which cases: those whose name contains it. */
  readonly only: string
  /** Repetitions, each a few steps of every process in turn. */
  readonly repetitions: number
  readonly threads: number
  readonly log: (line: string) => void
}

/** Steps of one repetition. */
const STEPS = 2

/** Measures every case: views per second, median over the repetitions, and the most memory held. */
export async function benchStep(options: BenchStepOptions): Promise<BenchCase[]> {
  const cases: BenchCase[] = []
  const wanted = STEP_CASES.filter(({ name }) => name.includes(options.only))
  for (const stepCase of wanted) cases.push(...(await measure(stepCase, options)))
  return cases
}

async function measure(stepCase: StepCase, options: BenchStepOptions): Promise<BenchCase[]> {
  const { engine, python, withTensorflow, repetitions, threads, log } = options
  const { name, depth, width, stem, imageSize, views } = stepCase
  const args = [depth, width, stem, imageSize, views, threads].map(String)
  const processes = [
    new PeerProcess(process.execPath, [worker('step-worker.js'), engine, ...args]),
    new PeerProcess(python, [fileURLToPath(new URL('../peers/step.py', import.meta.url)), ...args]),
    ...(withTensorflow ? [new PeerProcess(process.execPath, [worker('plain-step-worker.js'), ...args])] : []),
  ]
  try {
    const names: string[] = []
    for (const peer of processes) names.push((await peer.read()).replace('ready ', ''))
    const rates: number[][] = processes.map(() => [])
    for (let i = 0; i < repetitions; i++) {
      for (const [index, peer] of processes.entries()) {
        rates[index]!.push((views * STEPS) / Number(await peer.ask(String(STEPS))))
      }
      log(
        `${name}: ${names.map((peer, index) => `${peer} ${rates[index]!.at(-1)!.toFixed(1)}`).join(', ')} views/s`,
      )
    }
    const bytes: number[] = []
    for (const peer of processes) bytes.push(Number(await peer.ask('memory')))
    return [
      ...names.slice(1).map((peer, i) => speedCase(name, peer, median(rates[0]!), median(rates[i + 1]!))),
      memoryCase(name, names[1]!, bytes[0]!, bytes[1]!),
    ]
  } finally {
    for (const peer of processes) peer.close()
  }
}

function speedCase(name: string, peer: string, ours: number, theirs: number): BenchCase {
  return { case: name, peer, unit: 'views/s', ours, theirs, ratio: ours / theirs }
}

function memoryCase(name: string, peer: string, ours: number, theirs: number): BenchCase {
  const [ourMegabytes, theirMegabytes] = [ours / 1e6, theirs / 1e6]
  return {
    case: `${name}: peak memory`,
    peer,
    unit: 'MB',
    ours: ourMegabytes,
    theirs: theirMegabytes,
    ratio: theirs / ours,
  }
}

function worker(file: string): string {
  return fileURLToPath(new URL(`bench/${file}`, import.meta.url))
}
