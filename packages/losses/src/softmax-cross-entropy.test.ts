import { formulaValues } from '@simclr/tools/testing'
import { grad, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts'

const logits = formulaValues(1, 5 * 3, 0, 4)
const labels = Int32Array.of(0, 2, 1, 1, 0)
const rows = Array.from({ length: 5 }, (_, i) => [...logits.subarray(3 * i, 3 * i + 3)])
const probabilities = rows.map((row) => {
  const exponentials = row.map(Math.exp)
  return exponentials.map((value) => value / exponentials.reduce((sum, x) => sum + x))
})

describe('softmaxCrossEntropy', () => {
  it('is the mean negative log-probability of the labels', () => {
    const expected = probabilities.reduce((sum, p, i) => sum - Math.log(p[labels[i]!]!), 0) / 5
    expect(softmaxCrossEntropy(tensor2d(logits, [5, 3]), labels)).toBeAllClose([expected], { absolute: 1e-6 })
  })

  it('has the gradient (probability − target) / n', () => {
    const gradient = grad((x) => softmaxCrossEntropy(x as Tensor2D, labels))(tensor2d(logits, [5, 3]))
    const expected = probabilities.flatMap((p, i) =>
      p.map((value, k) => (value - (k === labels[i] ? 1 : 0)) / 5),
    )
    expect(gradient).toBeAllClose(expected, { absolute: 1e-6 })
  })

  it('spreads the target evenly by label smoothing', () => {
    const smoothing = 0.3
    const terms = probabilities.flatMap((p, i) =>
      p.map((value, k) => -((k === labels[i] ? 1 - smoothing : 0) + smoothing / 3) * Math.log(value)),
    )
    const loss = softmaxCrossEntropy(tensor2d(logits, [5, 3]), labels, { labelSmoothing: smoothing })
    expect(loss).toBeAllClose([terms.reduce((sum, x) => sum + x) / 5], { absolute: 1e-6 })
  })

  it.each([-0.1, 1.1, Number.NaN])('refuses label smoothing %d', (labelSmoothing) => {
    const run = () => softmaxCrossEntropy(tensor2d(logits, [5, 3]), labels, { labelSmoothing })
    expect(run).toThrow(/labelSmoothing.*between 0 and 1/)
  })

  it('stays finite for large logits', () => {
    const large = tensor2d([[1000, -1000]])
    expect(softmaxCrossEntropy(large, Int32Array.of(1))).toBeAllClose([2000])
  })

  it('leaks no tensors', () => {
    const input = tensor2d(logits, [5, 3])
    expect(() => softmaxCrossEntropy(input, labels).dispose()).toLeakNoTensors()
  })

  it.each([
    ['a missing label', Int32Array.of(0), /for each of the 2 rows.*got 1 labels/],
    ['a label out of range', Int32Array.of(0, 2), /0 to 1.*the label 2/],
  ])('refuses %s', (_, wrong, message) => {
    expect(() =>
      softmaxCrossEntropy(
        tensor2d([
          [1, 2],
          [3, 4],
        ]),
        wrong,
      ),
    ).toThrow(message)
  })
})
