/** The table of a transfer suite as a page: rows are weights, columns datasets. */
import { formatPercent } from './format-percent.ts'
import { type Markup, markup } from './markup.ts'
import { renderPage } from './render-page.ts'
import { reportStyle } from './report-style.ts'

/** What `transferTable` of `@simclr/eval` gives, and what the page says beside it. */
export interface TransferPage {
  readonly title: string
  /** The setting in a few words each: engine, image size, grid. */
  readonly facts: readonly string[]
  readonly table: {
    readonly columns: readonly { readonly title: string; readonly metric: string }[]
    readonly groups: readonly TransferPageGroup[]
  }
}

export interface TransferPageGroup {
  readonly title: string
  readonly rows: readonly {
    readonly weights: string
    /** Whether these are the paper's numbers. */
    readonly paper: boolean
    /** Shares in 0..1, one for each column; undefined where there is none. */
    readonly cells: readonly ({ readonly score: number; readonly bold: boolean } | undefined)[]
  }[]
  readonly comparisons: readonly {
    readonly dataset: string
    readonly weights: readonly [string, string]
    readonly p: string
  }[]
}

/**
 * Renders a self-contained HTML page, light and dark, that scrolls sideways where a table is wider than the screen.
 *
 * @returns The page's source, which forbids itself every network request.
 */
export function renderTransfer({ title, facts, table }: TransferPage): string {
  return renderPage({
    title,
    overline: 'SimCLR transfer report',
    facts,
    style: reportStyle + transferStyle,
    body: markup`${table.groups.map((group) => groupSection(group, table.columns))}
<p class="note"><b>Bold</b> is the best of ours on a dataset, and what is not significantly worse (p &gt; 0.05): exact McNemar test for top-1 accuracy, else a permutation test over test images, for VOC2007 on accuracy. Rows of <i>the paper</i> are its table 8 and appendix B.8 (arXiv 2002.05709), of weights trained on ImageNet.</p>`,
  })
}

function groupSection(group: TransferPageGroup, columns: TransferPage['table']['columns']): Markup {
  const heads = columns.map(
    ({ title, metric }) => markup`<th scope="col">${title}<span class="detail">${metric}</span></th>`,
  )
  const rows = group.rows.map(({ weights, paper, cells }) => {
    const numbers = cells.map((cell) => markup`<td>${cell === undefined ? '–' : scoreOf(cell)}</td>`)
    const name = paper ? markup`<i>the paper:</i> ${weights}` : weights
    return markup`<tr${paper && markup` class="paper"`}><th scope="row">${name}</th>${numbers}</tr>
`
  })
  return markup`<section>
<h2>${group.title}</h2>
<div class="scroll"><table class="transfer"><thead><tr><th scope="col">Weights</th>${heads}</tr></thead><tbody>
${rows}</tbody></table></div>
${group.comparisons.length > 0 && comparisonsTable(group.comparisons)}
</section>
`
}

function scoreOf({ score, bold }: { score: number; bold: boolean }): Markup {
  const text = formatPercent(score)
  return bold ? markup`<b>${text}</b>` : markup`${text}`
}

function comparisonsTable(comparisons: TransferPageGroup['comparisons']): Markup {
  const rows = comparisons.map(
    ({ dataset, weights: [first, second], p }) =>
      markup`<tr><th scope="row">${dataset}</th><td>${first}</td><td>${second}</td><td>${p}</td></tr>
`,
  )
  return markup`<details><summary>p-values of ${comparisons.length} ${comparisons.length === 1 ? 'comparison' : 'comparisons'}</summary>
<table class="transfer"><thead><tr><th scope="col">Dataset</th><th scope="col">Weights</th><th scope="col">against</th><th scope="col">p</th></tr></thead><tbody>
${rows}</tbody></table></details>`
}

const transferStyle = `
.transfer th, .transfer td { padding: 8px 0 8px 22px; border-bottom: 1px solid var(--hairline); white-space: nowrap;
  vertical-align: top; }
.transfer td { text-align: right; }
.transfer thead th { text-align: right; color: var(--muted); }
.transfer th:first-child { text-align: left; padding-left: 0; }
.transfer .detail { display: block; font-size: 12px; }
.transfer .paper > * { color: var(--muted); }
`
