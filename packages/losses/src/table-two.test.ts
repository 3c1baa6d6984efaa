/** NT-Logistic, margin triplet and NT-Xent against golden 02: own float64 numbers of the paper's table 2. */
import { readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import {
  concat,
  grad,
  mul,
  neg,
  type Scalar,
  slice,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { marginTriplet, marginTripletGathered } from './margin-triplet.ts'
import type { NegativesRule } from './negative-weights.ts'
import { ntLogistic, ntLogisticGathered } from './nt-logistic.ts'
import { ntXent, ntXentGathered } from './nt-xent.ts'

interface Case {
  problem: string
  N: number
  loss_name: 'nt_xent' | 'nt_logistic' | 'margin_triplet'
  params: { temperature?: number; margin?: number }
  mode: string
  loss: number
  grad_key: string
  per_anchor_loss?: number[]
}

interface Triple {
  u: number[]
  v_pos: number[]
  v_neg: [number[], number[]]
  temperature: number
  margin: number
  [result: string]: unknown
}

const golden = readGoldenJson<{ cases: Case[]; table2_elementary: Triple[] }>(
  new URL('./__fixtures__/02_losses.json', import.meta.url),
)
const arrays = readGoldenArrays(new URL('./__fixtures__/02_losses.safetensors', import.meta.url))

/** Golden modes by our names. */
const rules: Record<string, NegativesRule> = {
  all_mean: 'mean',
  all_sum: 'sum',
  sh_closest_skip: 'semi-hard',
  sh_closest_fallback: 'semi-hard-or-farthest',
  sh_all_mean: 'semi-hard-mean',
}

type Gathered = (local: Tensor2D, all: Tensor2D, offset: number) => Scalar

function lossOf({ loss_name, params, mode }: Case): {
  loss: (hidden: Tensor2D) => Scalar
  gathered: Gathered
} {
  const options = { ...params, negatives: rules[mode]! }
  if (loss_name === 'nt_logistic') {
    return {
      loss: (hidden) => ntLogistic(hidden, options),
      gathered: (local, all, offset) => ntLogisticGathered(local, all, offset, options),
    }
  }
  if (loss_name === 'margin_triplet') {
    return {
      loss: (hidden) => marginTriplet(hidden, options),
      gathered: (local, all, offset) => marginTripletGathered(local, all, offset, options),
    }
  }
  return {
    loss: (hidden) => ntXent(hidden, params),
    gathered: (local, all, offset) => ntXentGathered(local, all, offset, params),
  }
}

function hiddenOf({ problem }: Case): Tensor2D {
  const { values, shape } = arrays.get(`${problem}.hidden`)!
  return tensor2d(values, shape as [number, number])
}

describe.each(golden.cases)('$problem $loss_name $params $mode', (golden) => {
  const { loss } = lossOf(golden)

  it('loss and gradient', () => {
    expect(loss(hiddenOf(golden))).toBeAllClose([golden.loss], { relative: 2e-6 })
    const gradient = grad((x) => loss(x as Tensor2D))(hiddenOf(golden))
    expect(gradient).toBeAllClose(arrays.get(golden.grad_key)!.values, { absolute: 1e-7, relative: 1e-5 })
  })
})

describe.each(golden.cases.filter((golden) => golden.per_anchor_loss !== undefined))(
  '$problem $loss_name $params $mode: loss of each pair of anchors',
  (golden) => {
    const all = hiddenOf(golden)
    const { gathered } = lossOf(golden)

    it.each(Array.from({ length: golden.N }, (_, i) => i))('of image %i', (i) => {
      const rows = [i, i + golden.N].map((row) => slice(all, [row, 0], [1, -1]))
      const anchors = golden.per_anchor_loss![i]! + golden.per_anchor_loss![i + golden.N]!
      expect(gathered(concat(rows) as Tensor2D, all, i)).toBeAllClose([anchors / 2], { absolute: 5e-6 })
    })
  },
)

describe('elementary rows of table 2: the negated loss of one anchor and its gradient', () => {
  // The anchor stands in for both views of image 0, whose gathered rows are both its positive.
  const check = (gathered: Gathered, triple: Triple, negatives: [number[], number[]], name: string): void => {
    const { u, v_pos } = triple
    const all = tensor2d([v_pos, negatives[0], v_pos, negatives[1]])
    const local = tensor2d([u, u])
    const suffix = name === 'nt_xent' ? 'negloss' : 'negloss_first_negative'
    const expected = triple[`${name}_${suffix}`] as number
    expect(tidy(() => neg(gathered(local, all, 0)))).toBeAllClose([expected], { relative: 5e-6 })
    const ofBoth = grad((x) => gathered(x as Tensor2D, all, 0))(local)
    const gradient = mul(sum(ofBoth, 0), -1)
    expect(gradient).toBeAllClose(triple[`${name}_grad_u`] as number[], { absolute: 1e-6, relative: 1e-5 })
  }

  it.each(golden.table2_elementary)('temperature $temperature, margin $margin', (triple) => {
    const { temperature, margin, v_neg } = triple
    const plain = { normalize: false }
    const first: [number[], number[]] = [v_neg[0], v_neg[0]]
    check((...rows) => ntXentGathered(...rows, { ...plain, temperature }), triple, v_neg, 'nt_xent')
    check((...rows) => ntLogisticGathered(...rows, { ...plain, temperature }), triple, first, 'nt_logistic')
    check((...rows) => marginTripletGathered(...rows, { ...plain, margin }), triple, first, 'margin_triplet')
  })
})
