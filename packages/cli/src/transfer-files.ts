/** What `simclr transfer` leaves behind: its table for people, and its numbers for programs. */
import { join } from 'node:path'
import { type TransferResult, transferMarkdown, transferTable } from '@simclr/eval'
import { renderTransfer } from '@simclr/report'
import writeFileAtomic from 'write-file-atomic'

/** How the numbers came about. */
export interface TransferConditions {
  readonly engine: string
  readonly grid: 'paper' | 'small'
  /** Absent: the protocol's. */
  readonly steps?: number
  readonly batchSize: number
  readonly imageSize: number
  readonly seed: number
  /** Checksum of each set of weights. */
  readonly weights: Readonly<Record<string, string | undefined>>
}

/**
 * Writes `transfer.json`, `transfer.md` and `transfer.html`.
 *
 * @returns the Markdown.
 */
export async function writeTransferFiles(
  folder: string,
  result: TransferResult,
  conditions: TransferConditions,
): Promise<string> {
  const { datasets, cells, comparisons } = result
  const table = transferTable(result)
  const markdown = transferMarkdown(table)
  const numbers = {
    created: new Date().toISOString(),
    ...conditions,
    datasets,
    cells: cells.map(({ correctness: _, ...cell }) => cell),
    comparisons,
  }
  const { engine, imageSize, grid, steps } = conditions
  const page = renderTransfer({
    title: `Transfer to ${datasets.length === 1 ? datasets[0]!.title : `${datasets.length} datasets`}`,
    facts: [engine, `images of ${imageSize} px`, `${grid} grid`, ...(steps ? [`${steps} steps`] : [])],
    table,
  })
  const write = (name: string, text: string) => writeFileAtomic(join(folder, name), text)
  await write('transfer.json', `${JSON.stringify(numbers, null, 2)}\n`)
  await write('transfer.md', markdown)
  await write('transfer.html', page)
  return markdown
}
