import { expect, it } from 'vitest'
import { paperTransferRows, transferDatasets } from './transfer-datasets.ts'
import { transferMarkdown } from './transfer-markdown.ts'
import type { TransferCell, TransferResult } from './transfer-result.ts'
import { transferTable } from './transfer-table.ts'

const facts = { classes: 2, train: 8, validation: 2, test: 4, heldOut: true }

function cell(dataset: string, weights: string, score: number, bold: boolean): TransferCell {
  return {
    ...{ dataset, group: 'linear', protocol: 'linear', weights, score, bold, validationScore: 0 },
    ...{ settings: { regularization: 1 }, correctness: new Float64Array(4) },
  } as const
}

const result: TransferResult = {
  datasets: [
    { name: 'dtd', title: 'DTD', metric: 'top-1 accuracy', ...facts },
    { name: 'mine', title: 'Mine', metric: 'mean per-class accuracy', ...facts },
  ],
  cells: [
    cell('dtd', 'a|b', 0.6534, true),
    cell('dtd', 'random', 0.2, false),
    cell('mine', 'a|b', 1, true),
    cell('mine', 'random', 0.5, true),
  ],
  comparisons: [{ dataset: 'dtd', group: 'linear', weights: ['a|b', 'random'], pValue: 1e-7 }],
}

it('sets the paper’s numbers below ours, in the same columns', () => {
  const lines = transferMarkdown(transferTable(result)).split('\n')
  expect(lines.slice(0, 12)).toEqual([
    '## Linear evaluation',
    '',
    '| weights | DTD<br>top-1 accuracy | Mine<br>mean per-class accuracy |',
    '| --- | ---: | ---: |',
    '| a\\|b | **65.3** | **100.0** |',
    '| random | 20.0 | **50.0** |',
    '| *the paper: SimCLR ResNet-50* | *74.5* | – |',
    '| *the paper: SimCLR ResNet-50 (4×)* | *78.9* | – |',
    '| *the paper: supervised ResNet-50 (4×)* | *78.7* | – |',
    '',
    '| dataset | weights | p |',
    '| --- | --- | ---: |',
  ])
  expect(lines[12]).toBe('| DTD | a\\|b against random | < 0.0001 |')
})

it('leaves the paper out where it has no number', () => {
  const { datasets, cells } = result
  const table = transferTable({
    datasets: datasets.slice(1),
    cells: cells.filter(({ dataset }) => dataset === 'mine'),
    comparisons: [],
  })
  expect(table.groups.map(({ rows }) => rows.map(({ weights }) => weights))).toEqual([['a|b', 'random']])
})

it('knows twelve datasets, and a number of the paper for each in six rows', () => {
  expect(new Set(transferDatasets).size).toBe(12)
  expect(paperTransferRows).toHaveLength(6)
  for (const { scores } of paperTransferRows) {
    for (const name of transferDatasets)
      expect(scores.get(name)).toSatisfy((score: number) => score > 0.3 && score < 1)
  }
})
