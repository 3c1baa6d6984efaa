/** Two processes that do the same work in turns. */
import { setTimeout } from 'node:timers/promises'
import type { BenchCase } from './bench-report.ts'
import { median } from './median.ts'
import type { PeerProcess } from './peer-process.ts'

/** What two processes do. */
export interface Contest {
  readonly name: string
  readonly ours: () => PeerProcess
  readonly peer: () => PeerProcess
  /** Steps of one repetition. */
  readonly steps: number
  /** Views that a step takes or makes. */
  readonly views: number
  /** What the rates count. Default views/s. */
  readonly unit?: string
  /** Called with both processes when all turns are over, e.g. to ask for results. */
  readonly finish?: (ours: PeerProcess, peer: PeerProcess) => Promise<void>
}

export interface CompareOptions {
  /** Turns of each process. */
  readonly repetitions: number
  readonly log: (line: string) => void
}

export interface Comparison {
  readonly peer: string
  /** Median views per second, ours first. */
  readonly rates: readonly [number, number]
  /** The most memory held, ours first. */
  readonly bytes: readonly [number, number]
}

const PAUSE_MILLISECONDS = 300

/** Each process goes first as often as second, after a pause in which waiting threads fall asleep. */
export async function compare(
  { name, ours: startOurs, peer: startPeer, steps, views, unit = 'views/s', finish }: Contest,
  { repetitions, log }: CompareOptions,
): Promise<Comparison> {
  const [ours, peer] = [startOurs(), startPeer()]
  try {
    const [ourName, peerName] = [await readyName(ours), await readyName(peer)]
    const rates: [number[], number[]] = [[], []]
    for (let i = 0; i < repetitions; i++) {
      const turns = [[ours, rates[0]] as const, [peer, rates[1]] as const]
      for (const [process, own] of i % 2 === 0 ? turns : turns.reverse()) {
        await setTimeout(PAUSE_MILLISECONDS)
        own.push((views * steps) / Number(await process.ask(String(steps))))
      }
      const [our, their] = rates.map((own) => own.at(-1)!.toFixed(1))
      log(`${name}: ${ourName} ${our}, ${peerName} ${their} ${unit}`)
    }
    const bytes = [Number(await ours.ask('memory')), Number(await peer.ask('memory'))] as const
    await finish?.(ours, peer)
    return { peer: peerName, rates: [median(rates[0]), median(rates[1])], bytes }
  } finally {
    ours.close()
    peer.close()
  }
}

async function readyName(process: PeerProcess): Promise<string> {
  return (await process.read()).replace('ready ', '')
}

export function speedCase(name: string, { peer, rates: [ours, theirs] }: Comparison): BenchCase {
  return { case: name, peer, unit: 'views/s', ours, theirs, ratio: ours / theirs }
}
