import { formatPercent } from './format-percent.ts'
import { type Markup, markup } from './markup.ts'
import type { Result } from './report-data.ts'

/** Final accuracies, each with a bar on the scale from 0 to 100%. */
export function resultsTable(results: readonly Result[]): Markup {
  const rows = results.map(({ name, accuracy, detail }) => {
    const share = Number.isFinite(accuracy) ? Math.min(1, Math.max(0, accuracy)) : 0
    return markup`<tr><th scope="row">${name}${detail !== undefined && markup`<span class="detail">${detail}</span>`}</th><td class="figure">${formatPercent(accuracy)}</td><td class="bar" aria-hidden="true"><div><span style="width: ${(share * 100).toFixed(1)}%"></span></div></td></tr>
`
  })
  return markup`<table class="results"><thead class="unseen"><tr><th scope="col">Protocol</th><th scope="col">Accuracy</th><th></th></tr></thead><tbody>${rows}</tbody></table>`
}
