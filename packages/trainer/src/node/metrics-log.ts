/** `metrics.jsonl`: one JSON object per line, for every step and every online evaluation. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { StepMetrics } from '../train-step.ts'
import { explainWriteError } from './write-error.ts'

/** A training step, as logged. */
export interface StepEvent extends StepMetrics {
  readonly event: 'step'
  /** Updates made, counting this one. */
  readonly step: number
  /** Passes over the data so far, with fraction. */
  readonly epoch: number
  readonly learningRate: number
  readonly viewsPerSecond: number
  /** Time that the loop waited for the images of this step, in seconds. */
  readonly waitSeconds: number
  /** Wall time since the process began this run, in seconds. */
  readonly seconds: number
}

/** An online kNN evaluation, as logged; step 0 is the untrained encoder. */
export interface KnnEvent {
  readonly event: 'knn'
  readonly step: number
  readonly epoch: number
  /** 0–1. */
  readonly accuracy: number
  /** The online probe's on the same test images, 0–1, if there is one. */
  readonly probeAccuracy?: number
}

export type MetricsEvent = StepEvent | KnnEvent

/** Appends events; every line is in the operating system's hands when `write` returns. */
export class MetricsLog {
  readonly #path: string
  readonly #file: number

  private constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, 'a')
  }

  /**
   * Opens a run's log after `step` updates: what was logged later (by a run that was killed after its last checkpoint),
   * and a line that was cut off, are dropped.
   */
  static async open(runFolder: string, step: number): Promise<MetricsLog> {
    const path = join(runFolder, 'metrics.jsonl')
    const text = await readFile(path, 'utf8').catch(() => '')
    const lines = text.split('\n').slice(0, -1)
    const kept = lines.filter((line) => loggedStep(line) <= step)
    try {
      await writeFileAtomic(path, kept.map((line) => `${line}\n`).join(''))
      return new MetricsLog(path)
    } catch (error) {
      throw explainWriteError(path, error)
    }
  }

  /** @throws SimclrError if the disk is full. */
  write(event: MetricsEvent): void {
    try {
      writeSync(this.#file, `${JSON.stringify(event)}\n`)
    } catch (error) {
      throw explainWriteError(this.#path, error)
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}

function loggedStep(line: string): number {
  try {
    return (JSON.parse(line) as MetricsEvent).step
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
