/** Losses without golden numbers against plain loops in float64. */
import { formulaValues } from '@simclr/tools/testing'
import { type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { decoupledContrastive } from './decoupled-contrastive.ts'
import { ntXent } from './nt-xent.ts'
import { ntXentSemiHard } from './nt-xent-semi-hard.ts'
import { supervisedContrastive } from './supervised-contrastive.ts'

const PAIRS = 7
const ROWS = 2 * PAIRS
const WIDTH = 5
const values = formulaValues(21, ROWS * WIDTH)
const hidden = tensor2d(values, [ROWS, WIDTH])
const classes = Int32Array.of(4, 1, 4, 2, 1, 4, 9)

const lengths = indices(ROWS).map((i) => Math.hypot(...values.subarray(i * WIDTH, (i + 1) * WIDTH)))
const cosine = (i: number, k: number): number =>
  indices(WIDTH).reduce((sum, d) => sum + values[i * WIDTH + d]! * values[k * WIDTH + d]!, 0) /
  (lengths[i]! * lengths[k]!)

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** The mean over the anchors. */
const over = (loss: (anchor: number, positive: number) => number): number =>
  indices(ROWS).reduce((sum, i) => sum + loss(i, (i + PAIRS) % ROWS), 0) / ROWS
const value = (loss: Tensor): number => loss.dataSync()[0]!

describe.each([0.1, 0.5])('at temperature %d', (temperature) => {
  const exponential = (i: number, k: number): number => Math.exp(cosine(i, k) / temperature)
  const total = (i: number, of: number[]): number => of.reduce((sum, k) => sum + exponential(i, k), 0)

  it('decoupledContrastive leaves the positive out of the sum', () => {
    const expected = over(
      (i, p) =>
        -cosine(i, p) / temperature +
        Math.log(
          total(
            i,
            indices(ROWS).filter((k) => k !== i && k !== p),
          ),
        ),
    )
    expect(value(decoupledContrastive(hidden, { temperature }))).toBeCloseTo(expected, 5)
  })

  it('supervisedContrastive averages over the rows of the class', () => {
    const expected = over((i) => {
      const others = indices(ROWS).filter((k) => k !== i)
      const positives = others.filter((k) => classes[k % PAIRS] === classes[i % PAIRS])
      const terms = positives.map((p) => Math.log(total(i, others) / exponential(i, p)))
      return terms.reduce((sum, x) => sum + x) / positives.length
    })
    expect(value(supervisedContrastive(hidden, classes, { temperature }))).toBeCloseTo(expected, 5)
  })

  it('supervisedContrastive with a class per image is ntXent', () => {
    const own = Int32Array.from(indices(PAIRS))
    const loss = supervisedContrastive(hidden, own, { temperature })
    expect(value(loss)).toBeCloseTo(value(ntXent(hidden, { temperature })), 5)
  })

  const farther = (i: number, p: number): number[] =>
    indices(ROWS).filter((k) => k !== i && k !== p && cosine(i, k) < cosine(i, p))

  it('ntXentSemiHard picks among the positive and the closest negative farther than it', () => {
    const expected = over((i, p) => {
      const closest = Math.max(...farther(i, p).map((k) => exponential(i, k)))
      return farther(i, p).length === 0 ? 0 : Math.log(1 + closest / exponential(i, p))
    })
    expect(value(ntXentSemiHard(hidden, { temperature }))).toBeCloseTo(expected, 5)
  })

  it('ntXentSemiHard takes the mean of all of them too', () => {
    const expected = over((i, p) => {
      const candidates = farther(i, p)
      if (candidates.length === 0) return 0
      return Math.log(1 + total(i, candidates) / candidates.length / exponential(i, p))
    })
    const loss = ntXentSemiHard(hidden, { temperature, negatives: 'semi-hard-mean' })
    expect(value(loss)).toBeCloseTo(expected, 5)
  })
})

it('supervisedContrastive refuses labels of another length', () => {
  expect(() => supervisedContrastive(hidden, Int32Array.of(1, 2))).toThrow(
    /each of the 7 images.*got 2 labels/,
  )
})

it('decoupledContrastive refuses a single image', () => {
  expect(() =>
    decoupledContrastive(
      tensor2d([
        [1, 2],
        [3, 4],
      ]),
    ),
  ).toThrow(/at least 4 rows.*\[2, 2\]/)
})
