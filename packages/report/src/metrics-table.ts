import { formatNumber } from './format-number.ts'
import { formatPercent } from './format-percent.ts'
import { type Markup, markup } from './markup.ts'
import type { StepMetrics } from './report-data.ts'

const ROWS = 20

/** The numbers behind the curves, for those who cannot see them: up to 20 steps, evenly spaced, the last included. */
export function metricsTable(steps: readonly StepMetrics[]): Markup {
  const count = Math.min(ROWS, steps.length)
  const shown = Array.from(
    { length: count },
    (_, i) => steps[Math.ceil(((i + 1) * steps.length) / count) - 1]!,
  )
  const names = ['Step', 'Epoch', 'Loss', 'Accuracy', 'Entropy', 'Learning rate', 'Views/s']
  const rows = shown.map((step) => {
    const cells = [
      String(step.step),
      formatNumber(step.epoch),
      formatNumber(step.loss),
      formatPercent(step.contrastiveAccuracy),
      formatNumber(step.contrastiveEntropy),
      formatNumber(step.learningRate),
      formatNumber(step.viewsPerSecond),
    ]
    return markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>
`
  })
  return markup`<div class="scroll"><table class="numbers"><thead><tr>${names.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
}
