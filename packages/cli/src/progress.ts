/** What a person sees of a run while it goes: one line that moves on a terminal, a line now and then elsewhere. */
import type { MetricsEvent, Progress, StepEvent } from '@simclr/trainer/node'

/** Seconds between lines where output is not a terminal. */
const QUIET_SECONDS = 10

/** Prints the events of a run. */
export class ProgressPrinter {
  readonly #stream: NodeJS.WriteStream
  #printed = Number.NEGATIVE_INFINITY
  #first: StepEvent | undefined
  #lineOpen = false

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream
  }

  readonly show = (event: MetricsEvent, progress: Progress): void => {
    if (event.event === 'knn') {
      this.line(`kNN accuracy ${percent(event.accuracy)} at epoch ${event.epoch.toFixed(1)}`)
      return
    }
    this.#first ??= event
    const text = stepLine(event, progress, this.#first)
    const last = event.step === progress.totalSteps
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[2K${text.slice(0, this.#stream.columns - 1)}${last ? '\n' : ''}`)
      this.#lineOpen = !last
    } else if (last || event.seconds - this.#printed >= QUIET_SECONDS) {
      this.#stream.write(`${text}\n`)
      this.#printed = event.seconds
    }
  }

  /** Prints a line of its own, below the moving one. */
  line(text: string): void {
    this.#stream.write(`${this.#lineOpen ? '\n' : ''}${text}\n`)
    this.#lineOpen = false
  }
}

function stepLine(event: StepEvent, { totalSteps, epochs }: Progress, first: StepEvent): string {
  const perStep =
    event.step === first.step ? event.seconds : (event.seconds - first.seconds) / (event.step - first.step)
  return [
    `epoch ${event.epoch.toFixed(2)}/${epochs}`,
    `step ${event.step}/${totalSteps}`,
    `loss ${event.loss.toFixed(3)}`,
    `contrastive accuracy ${percent(event.contrastiveAccuracy)}`,
    `rate ${event.learningRate.toPrecision(3)}`,
    `${Math.round(event.viewsPerSecond)} views/s`,
    `${duration(perStep * (totalSteps - event.step))} left`,
  ].join('  ')
}

/** `0.873` as `87.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** Seconds as `45 s`, `12 min` or `3 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
