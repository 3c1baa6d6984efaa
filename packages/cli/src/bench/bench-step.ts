/** `simclr bench step`: our training step beside PyTorch eager and stock tfjs-node, in turns, each in its own process. */
import type { EngineName } from '@simclr/engine'
import type { BenchCase } from './bench-report.ts'
import { type CompareOptions, type Comparison, type Contest, compare, speedCase } from './compare.ts'
import { PeerProcess } from './peer-process.ts'
import { peerScript, workerScript } from './script-paths.ts'
import { STEP_CASES, type StepCase } from './step-case.ts'

export interface BenchStepOptions extends CompareOptions {
  readonly engine: EngineName
  /** Python that has torch. */
  readonly python: string
  /** Whether tfjs-node runs here. */
  readonly withTensorflow: boolean
  /** Which cases: those whose name contains it. */
  readonly only: string
  readonly threads: number
}

/** Measures every case: views per second, median over the repetitions, and the most memory held. */
export async function benchStep(options: BenchStepOptions): Promise<BenchCase[]> {
  const cases: BenchCase[] = []
  const wanted = STEP_CASES.filter(({ name }) => name.includes(options.only))
  for (const stepCase of wanted) cases.push(...(await measure(stepCase, options)))
  return cases
}

async function measure(stepCase: StepCase, options: BenchStepOptions): Promise<BenchCase[]> {
  const { engine, python, withTensorflow } = options
  const { name, depth, width, stem, imageSize, views } = stepCase
  const args = [depth, width, stem, imageSize, views, options.threads].map(String)
  const contest = (command: string, program: string): Contest => ({
    name,
    steps: 2,
    views,
    ours: () => new PeerProcess(process.execPath, [workerScript('step-worker.js'), engine, ...args]),
    peer: () => new PeerProcess(command, [program, ...args]),
  })
  const torch = await compare(contest(python, peerScript('step.py')), options)
  const tfjs = withTensorflow
    ? [await compare(contest(process.execPath, workerScript('plain-step-worker.js')), options)]
    : []
  return [...[torch, ...tfjs].map((comparison) => speedCase(name, comparison)), memoryCase(name, torch)]
}

function memoryCase(name: string, { peer, bytes: [ours, theirs] }: Comparison): BenchCase {
  return {
    case: `${name}: peak memory`,
    peer,
    unit: 'MB',
    ours: ours / 1e6,
    theirs: theirs / 1e6,
    ratio: theirs / ours,
  }
}
