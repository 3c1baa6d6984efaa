/** The curves of a run as small multiples with one x axis. */
import type { Point } from './downsample.ts'
import { linePlot } from './line-plot.ts'
import type { Markup } from './markup.ts'
import type { Evaluation, ReportData, StepMetrics } from './report-data.ts'

/** The part of a report that its curves show. */
export type CurveData = Pick<ReportData, 'steps' | 'evaluations'>

/**
 * Six plots: kNN accuracy, loss, contrastive accuracy and entropy, learning rate, speed; x counts epochs, or steps
 * in a run shorter than one epoch. A run with an online probe has its accuracy as a seventh.
 *
 * @returns No plot at all if the run recorded nothing.
 */
export function trainingCurves({ steps, evaluations }: CurveData): Markup[] {
  const records = [...steps, ...evaluations]
  if (records.length === 0) return []
  const xLabel = records.some(({ epoch }) => epoch >= 1) ? 'epoch' : 'step'
  const last = records.reduce((most, record) => Math.max(most, record[xLabel]), 0)
  const shared = { xLabel, xRange: [0, last] as const }
  const curve = (name: keyof StepMetrics): Point[] =>
    steps.map((step) => ({ x: step[xLabel], y: step[name] ?? Number.NaN }))
  const untrained = evaluations.find(({ step, accuracy }) => step === 0 && Number.isFinite(accuracy))
  const accuracy = (evaluation: Evaluation): Point => ({ x: evaluation[xLabel], y: evaluation.accuracy })

  return [
    linePlot({
      ...shared,
      title: 'kNN accuracy',
      points: evaluations.map(accuracy),
      percent: true,
      markers: evaluations.length <= 40,
      ...(untrained && { reference: { value: untrained.accuracy, label: 'untrained encoder' } }),
    }),
    linePlot({ ...shared, title: 'Contrastive loss', points: curve('loss'), smooth: true }),
    linePlot({
      ...shared,
      title: 'Contrastive accuracy',
      points: curve('contrastiveAccuracy'),
      percent: true,
      smooth: true,
    }),
    linePlot({
      ...shared,
      title: 'Contrastive entropy',
      points: curve('contrastiveEntropy'),
      smooth: true,
    }),
    linePlot({ ...shared, title: 'Learning rate', points: curve('learningRate'), fromZero: true }),
    linePlot({
      ...shared,
      title: 'Views per second',
      points: curve('viewsPerSecond'),
      fromZero: true,
      smooth: true,
    }),
    ...(steps.some(({ probeAccuracy }) => probeAccuracy !== undefined)
      ? [
          linePlot({
            ...shared,
            title: 'Probe accuracy',
            points: curve('probeAccuracy'),
            percent: true,
            smooth: true,
          }),
        ]
      : []),
  ]
}
