import { sum, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import type { LogisticLoss } from './logistic-loss.ts'
import { oneVsRestLoss } from './one-vs-rest-loss.ts'
import { softmaxLoss } from './softmax-loss.ts'

const CLASSES = 3
/** Two rows, classes first. */
const LOGITS = [
  [0.3, -1.2],
  [-0.7, 2.1],
  [1.9, 0.4],
]

const losses: [name: string, loss: LogisticLoss, of: (logits: number[][]) => number[]][] = [
  [
    'softmaxLoss',
    softmaxLoss(Int32Array.of(2, 0), CLASSES),
    (logits) =>
      [2, 0].map((label, row) => {
        const powers = logits.map((line) => Math.exp(line[row]!))
        return -Math.log(powers[label]! / powers.reduce((a, b) => a + b))
      }),
  ],
  [
    'oneVsRestLoss, one entry left out',
    oneVsRestLoss(Int8Array.of(1, -1, 1, -1, 1, 0), CLASSES),
    (logits) =>
      [
        [1, -1, 1],
        [-1, 1, 0],
      ].map((labels, row) =>
        labels.reduce(
          (total, label, c) => total + Math.abs(label) * Math.log1p(Math.exp(-label * logits[c]![row]!)),
          0,
        ),
      ),
  ],
]

function evaluate(
  loss: LogisticLoss,
  logits: number[][],
): { losses: number[]; slopes: number[]; curvatures: number[] } {
  const rows = logits[0]!.length
  return tidy(() => {
    const values = tensor2d(logits)
    const targets = loss.targets(0, rows)
    const { losses, slopes } = loss.evaluate(values, targets)
    const read = (tensor: Tensor2D | typeof losses): number[] => Array.from(tensor.dataSync())
    return { losses: read(losses), slopes: read(slopes), curvatures: read(loss.curvatures(values, targets)) }
  })
}

/** The formula's derivatives by each logit, by central differences. */
function differences(of: (logits: number[][]) => number[], order: 1 | 2): number[] {
  const step = 1e-3
  const total = (logits: number[][]): number => of(logits).reduce((a, b) => a + b)
  return LOGITS.flatMap((line, c) =>
    line.map((_, row) => {
      const at = (shift: number): number =>
        total(LOGITS.map((values, i) => values.map((v, j) => (i === c && j === row ? v + shift : v))))
      return order === 1
        ? (at(step) - at(-step)) / (2 * step)
        : (at(step) - 2 * at(0) + at(-step)) / step ** 2
    }),
  )
}

describe.each(losses)('%s', (_, loss, of) => {
  test('is its formula, with its derivatives', () => {
    const found = evaluate(loss, LOGITS)
    expect(found.losses).toBeAllClose(of(LOGITS), { relative: 1e-6 })
    expect(found.slopes).toBeAllClose(differences(of, 1), { absolute: 1e-6 })
    expect(found.curvatures).toBeAllClose(differences(of, 2), { absolute: 1e-6 })
  })

  test('takes targets of some rows', () => {
    const [all, last] = tidy(() => [loss.targets(0, 2).arraySync(), loss.targets(1, 2).arraySync()])
    expect(last).toEqual(all!.map((line) => [line[1]]))
  })
})

test('softmaxLoss is exact far from the boundary, on either side of it', () => {
  const { losses, slopes } = evaluate(softmaxLoss(Int32Array.of(0, 0), 2), [
    [30, -200],
    [0, 0],
  ])
  expect(losses).toBeAllClose([Math.exp(-30), 200], { relative: 1e-5 })
  expect(slopes).toBeAllClose([-Math.exp(-30), -1, Math.exp(-30), 1], { relative: 1e-5 })
})

test('sums of slopes over the classes vanish in softmaxLoss', () => {
  const total = tidy(() => {
    const loss = softmaxLoss(Int32Array.of(2, 0), CLASSES)
    return sum(loss.evaluate(tensor2d(LOGITS), loss.targets(0, 2)).slopes, 0).dataSync()
  })
  expect(total).toBeAllClose([0, 0], { absolute: 1e-7 })
})
