/** `simclr bench step`: our training step beside PyTorch eager and stock tfjs-node, in turns, each in its own process. */
import { setTimeout } from 'node:timers/promises'
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
const PAUSE_MILLISECONDS = 300

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
  const start = {
    ours: () => new PeerProcess(process.execPath, [worker('step-worker.js'), engine, ...args]),
    torch: () =>
      new PeerProcess(python, [fileURLToPath(new URL('../peers/step.py', import.meta.url)), ...args]),
    tfjs: () => new PeerProcess(process.execPath, [worker('plain-step-worker.js'), ...args]),
  }
  const torch = await compare(stepCase, start.ours, start.torch, options)
  const tfjs = withTensorflow ? [await compare(stepCase, start.ours, start.tfjs, options)] : []
  return [
    ...[torch, ...tfjs].map(({ peer, rates: [ours, theirs] }) => speedCase(name, peer, ours, theirs)),
    memoryCase(name, torch.peer, ...torch.bytes),
  ]
}

interface Comparison {
  readonly peer: string
  /** Median views per second, ours first. */
  readonly rates: readonly [number, number]
  /** The most memory held, ours first. */
  readonly bytes: readonly [number, number]
}

/** Two processes in turns, each going first as often as second, with a pause in which waiting threads fall asleep. */
async function compare(
  { name, views }: StepCase,
  startOurs: () => PeerProcess,
  startPeer: () => PeerProcess,
  { repetitions, log }: BenchStepOptions,
): Promise<Comparison> {
  const [ours, peer] = [startOurs(), startPeer()]
  try {
    const [ourName, peerName] = [await readyName(ours), await readyName(peer)]
    const rates: [number[], number[]] = [[], []]
    for (let i = 0; i < repetitions; i++) {
      const turns = [[ours, rates[0]] as const, [peer, rates[1]] as const]
      for (const [process, own] of i % 2 === 0 ? turns : turns.reverse()) {
        await setTimeout(PAUSE_MILLISECONDS)
        own.push((views * STEPS) / Number(await process.ask(String(STEPS))))
      }
      const [our, their] = rates.map((own) => own.at(-1)!.toFixed(1))
      log(`${name}: ${ourName} ${our}, ${peerName} ${their} views/s`)
    }
    const bytes = [Number(await ours.ask('memory')), Number(await peer.ask('memory'))] as const
    return { peer: peerName, rates: [median(rates[0]), median(rates[1])], bytes }
  } finally {
    ours.close()
    peer.close()
  }
}

async function readyName(process: PeerProcess): Promise<string> {
  return (await process.read()).replace('ready ', '')
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
