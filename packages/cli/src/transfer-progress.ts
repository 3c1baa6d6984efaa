/** What a person sees while `simclr transfer` runs. */
import type { TransferProgress } from '@simclr/eval'
import { percent } from './progress.ts'

/** Seconds between lines within one result. */
const QUIET_SECONDS = 10

/** @returns A listener that prints a line for each result, each run of fine-tuning, and else now and then. */
export function transferProgress(print: (line: string) => void): (progress: TransferProgress) => void {
  let printed = performance.now()
  return ({ dataset, protocol, weights, stage, done, total, score }) => {
    const where = `${dataset}  ${protocol}  ${weights}`
    const now = performance.now()
    if (stage === 'done' || stage === 'found') {
      const origin = stage === 'found' ? ', found in the folder' : ''
      print(`${where}: ${percent(score!)}  (${done} of ${total} results${origin})`)
    } else if (stage === 'fine-tuning') {
      print(`${where}: run ${done} of ${total}, ${percent(score!)} on validation images`)
    } else if (now - printed >= 1000 * QUIET_SECONDS) {
      print(`${where}: ${WHAT[stage]} ${done} of ${total}`)
    } else {
      return
    }
    printed = now
  }
}

const WHAT: Readonly<Record<'features' | 'regularization', string>> = {
  features: 'features of image',
  regularization: 'value of λ',
}
