/** Reads `metrics.jsonl` of a run folder. */
import { SimclrError } from '@simclr/core'
import type { Evaluation, StepMetrics } from './report-data.ts'

/** What the file holds, each list ordered by step. */
export interface Metrics {
  readonly steps: StepMetrics[]
  readonly evaluations: Evaluation[]
}

/**
 * Reads the lines that a run writes: `{"event":"step", …}` and `{"event":"knn", …}`; other events are passed over.
 *
 * A last line without its line break was cut off when the run was killed; it counts only if it is whole. A step that
 * comes twice was repeated after a resume; the last one counts. `null` (how JSON writes NaN and infinity) gives NaN.
 *
 * @throws SimclrError naming the line that is not what a run writes.
 */
export function parseMetrics(jsonl: string): Metrics {
  const steps = new Map<number, StepMetrics>()
  const evaluations = new Map<number, Evaluation>()
  const lines = jsonl.split('\n')
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const record = parseRecord(line)
    if (record === undefined && index === lines.length - 1) break
    if (record === undefined) throw damaged(index, 'a JSON object', line)
    const number = (name: string): number => readNumber(record, name, index)
    if (record.event === 'step') {
      steps.set(number('step'), {
        step: number('step'),
        epoch: number('epoch'),
        loss: number('loss'),
        contrastiveAccuracy: number('contrastiveAccuracy'),
        contrastiveEntropy: number('contrastiveEntropy'),
        learningRate: number('learningRate'),
        viewsPerSecond: number('viewsPerSecond'),
        ...('probeAccuracy' in record && { probeAccuracy: number('probeAccuracy') }),
      })
    } else if (record.event === 'knn') {
      const evaluation = { step: number('step'), epoch: number('epoch'), accuracy: number('accuracy') }
      evaluations.set(evaluation.step, evaluation)
    } else if (typeof record.event !== 'string') {
      throw damaged(index, 'an object with an "event"', line)
    }
  }
  return { steps: byStep(steps), evaluations: byStep(evaluations) }
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** A step and an epoch are always finite; a measured value may be null. */
function readNumber(record: Record<string, unknown>, name: string, index: number): number {
  const value = record[name]
  if (typeof value === 'number') return value
  if (value === null && name !== 'step' && name !== 'epoch') return Number.NaN
  throw damaged(index, `an object whose "${name}" is a number`, JSON.stringify(record))
}

function damaged(index: number, expected: string, line: string): SimclrError {
  return new SimclrError({
    parameter: `parseMetrics: line ${index + 1}`,
    expected,
    received: line.length > 80 ? `${line.slice(0, 80)}…` : line,
    remedy: 'The metrics file is damaged there: restore it, or delete that line.',
  })
}

function byStep<T extends { readonly step: number }>(records: ReadonlyMap<number, T>): T[] {
  return [...records.values()].sort((a, b) => a.step - b.step)
}
