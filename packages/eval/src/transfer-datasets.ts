/** The twelve datasets of the transfer protocol, and what the paper reports on them (SimCLR table 8 and B.8). */

/** The two halves of the paper's table: classifiers on frozen features, and networks trained as a whole. */
export type TransferGroup = 'linear' | 'fine-tuned'

export interface PaperTransferRow {
  readonly group: TransferGroup
  /** Whose weights. */
  readonly weights: string
  /** By dataset, 0..1, in the metric of each. */
  readonly scores: ReadonlyMap<string, number>
}

/** In the order of the paper's table, by the names that `openDataset` of `@simclr/data/node` gives them. */
export const transferDatasets: readonly string[] = [
  'food101',
  'cifar10',
  'cifar100',
  'birdsnap',
  'sun397',
  'stanford-cars',
  'fgvc-aircraft',
  'voc2007',
  'dtd',
  'oxford-pets',
  'caltech101',
  'flowers102',
]

/** Percentages of the paper's table 8 and appendix B.8, in the order of {@link transferDatasets}. */
const percentages: Readonly<Record<TransferGroup, Readonly<Record<string, string>>>> = {
  linear: {
    'SimCLR ResNet-50': '68.4 90.6 71.6 37.4 58.8 50.3 50.3 80.5 74.5 83.6 90.3 91.2',
    'SimCLR ResNet-50 (4×)': '76.9 95.3 80.2 48.4 65.9 60.0 61.2 84.2 78.9 89.2 93.9 95.0',
    'supervised ResNet-50 (4×)': '75.2 95.7 81.2 56.4 64.9 68.8 63.8 83.8 78.7 92.3 94.1 94.2',
  },
  'fine-tuned': {
    'SimCLR ResNet-50 (4×)': '89.4 98.6 89.0 78.2 68.1 92.1 87.0 86.6 77.8 92.1 94.1 97.6',
    'supervised ResNet-50 (4×)': '88.7 98.3 88.7 77.8 67.0 91.4 88.0 86.5 78.8 93.2 94.2 98.0',
    'random init ResNet-50 (4×)': '88.3 96.0 81.9 77.0 53.7 91.3 84.8 69.4 64.1 82.7 72.5 92.5',
  },
}

/** The rows of the paper that ours are set beside, of weights trained on ImageNet. Quote them as the paper's. */
export const paperTransferRows: readonly PaperTransferRow[] = (['linear', 'fine-tuned'] as const).flatMap(
  (group) =>
    Object.entries(percentages[group]).map(([weights, row]) => {
      const scores = row.split(' ').map((percentage) => Number(percentage) / 100)
      return { group, weights, scores: new Map(transferDatasets.map((name, i) => [name, scores[i]!])) }
    }),
)
