/** The transfer table as Markdown. */
import type { TransferTable, TransferTableCell, TransferTableGroup } from './transfer-table.ts'

/**
 * A table for each group, percentages with one decimal, the paper's rows in italics; p-values below.
 *
 * @example
 * await writeFile('transfer.md', transferMarkdown(transferTable(result)))
 */
export function transferMarkdown(table: TransferTable): string {
  const sections = table.groups.map((group) => groupMarkdown(group, table))
  return `${[...sections, NOTE].join('\n\n')}\n`
}

const NOTE =
  '**Bold**: the best of ours on a dataset, and what is not significantly worse (p > 0.05: exact McNemar test for top-1 accuracy, else a permutation test over test images, for VOC2007 on accuracy). *Italics*: the paper’s numbers (table 8 and appendix B.8 of arXiv 2002.05709), of weights trained on ImageNet.'

function groupMarkdown({ title, rows, comparisons }: TransferTableGroup, { columns }: TransferTable): string {
  const lines = [
    ['weights', ...columns.map(({ title: column, metric }) => `${column}<br>${metric}`)],
    ['---', ...columns.map(() => '---:')],
    ...rows.map(({ weights, paper, cells }) => [
      paper ? `*the paper: ${weights}*` : escapeCell(weights),
      ...cells.map((cell) => formatCell(cell, paper)),
    ]),
  ]
  return [`## ${title}`, tableLines(lines), ...pValues(comparisons)].join('\n\n')
}

function pValues(comparisons: TransferTableGroup['comparisons']): string[] {
  if (comparisons.length === 0) return []
  const lines = [
    ['dataset', 'weights', 'p'],
    ['---', '---', '---:'],
    ...comparisons.map(({ dataset, weights, p }) => [
      escapeCell(dataset),
      weights.map(escapeCell).join(' against '),
      p,
    ]),
  ]
  return [tableLines(lines)]
}

function tableLines(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function formatCell(cell: TransferTableCell | undefined, paper: boolean): string {
  if (cell === undefined) return '–'
  const text = (100 * cell.score).toFixed(1)
  return paper ? `*${text}*` : cell.bold ? `**${text}**` : text
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
