/** The result of the transfer suite in the form of the paper's table 8. */
import type { Metric } from '@simclr/data'
import { paperTransferRows, type TransferGroup } from './transfer-datasets.ts'
import type { TransferComparison, TransferResult } from './transfer-result.ts'

export interface TransferTable {
  readonly columns: readonly { readonly title: string; readonly metric: Metric }[]
  /** Those that were run. */
  readonly groups: readonly TransferTableGroup[]
}

export interface TransferTableGroup {
  /** `Linear evaluation` or `Fine-tuned`. */
  readonly title: string
  readonly rows: readonly TransferTableRow[]
  /** Of our rows; with the titles of the datasets, and p-values as text. */
  readonly comparisons: readonly (Pick<TransferComparison, 'dataset' | 'weights'> & { readonly p: string })[]
}

export interface TransferTableRow {
  readonly weights: string
  /** Whether these are the paper's numbers. */
  readonly paper: boolean
  /** One for each column; undefined where there is no number. */
  readonly cells: readonly (TransferTableCell | undefined)[]
}

export interface TransferTableCell {
  /** 0..1. */
  readonly score: number
  /** Whether it is not significantly worse than the best of ours. */
  readonly bold: boolean
}

const TITLES: Readonly<Record<TransferGroup, string>> = {
  linear: 'Linear evaluation',
  'fine-tuned': 'Fine-tuned',
}

/** Rows are weights, columns datasets; the paper's own rows follow ours where they have a number for a column. */
export function transferTable({ datasets, cells, comparisons }: TransferResult): TransferTable {
  const groups = (['linear', 'fine-tuned'] as const).flatMap((group): TransferTableGroup[] => {
    const members = cells.filter((cell) => cell.group === group)
    if (members.length === 0) return []
    const ours = [...new Set(members.map(({ weights }) => weights))].map((weights) => ({
      weights,
      paper: false,
      cells: datasets.map(({ name }) => {
        const cell = members.find((member) => member.dataset === name && member.weights === weights)
        return cell && { score: cell.score, bold: cell.bold }
      }),
    }))
    const paper = paperTransferRows
      .filter((row) => row.group === group && datasets.some(({ name }) => row.scores.has(name)))
      .map(({ weights, scores }) => ({
        weights,
        paper: true,
        cells: datasets.map(({ name }) => {
          const score = scores.get(name)
          return score === undefined ? undefined : { score, bold: false }
        }),
      }))
    const titles = new Map(datasets.map(({ name, title }) => [name, title]))
    const compared = comparisons
      .filter((comparison) => comparison.group === group)
      .map(({ dataset, weights, pValue }) => ({
        dataset: titles.get(dataset)!,
        weights,
        p: formatPValue(pValue),
      }))
    return [{ title: TITLES[group], rows: [...ours, ...paper], comparisons: compared }]
  })
  return { columns: datasets.map(({ title, metric }) => ({ title, metric })), groups }
}

/** Permutation tests count exchanges out of 100,000, and may count none. */
function formatPValue(pValue: number): string {
  return pValue < 1e-4 ? '< 0.0001' : pValue.toPrecision(2)
}
