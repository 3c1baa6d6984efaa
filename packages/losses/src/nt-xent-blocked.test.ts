import { formulaValues } from '@simclr/tools/testing'
import {
  add,
  concat,
  div,
  eye,
  grad,
  grads,
  logSoftmax,
  matMul,
  mean,
  mul,
  neg,
  oneHot,
  profile,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { l2Normalize } from './l2-normalize.ts'
import { ntXent, ntXentGathered } from './nt-xent.ts'

const WIDTH = 8

/** NT-Xent's loss and gradient of rows that are not normalised, in double precision, one similarity at a time. */
function inDoublePrecision(values: Float32Array, temperature: number): { loss: number; gradient: number[] } {
  const rows = Array.from({ length: values.length / WIDTH }, (_, i) => [
    ...values.subarray(i * WIDTH, (i + 1) * WIDTH),
  ])
  const gradient = rows.map(() => new Array<number>(WIDTH).fill(0))
  let loss = 0
  rows.forEach((row, i) => {
    const partner = (i + rows.length / 2) % rows.length
    const scores = rows.map((other) => other.reduce((dot, x, d) => dot + x * row[d]!, 0) / temperature)
    const others = [...scores.keys()].filter((k) => k !== i)
    const highest = Math.max(...others.map((k) => scores[k]!))
    const total = others.reduce((partial, k) => partial + Math.exp(scores[k]! - highest), 0)
    loss += (highest - scores[partner]! + Math.log(total)) / rows.length
    for (const k of others) {
      const probability = Math.exp(scores[k]! - highest) / total
      const slope = (probability - (k === partner ? 1 : 0)) / (temperature * rows.length)
      for (let d = 0; d < WIDTH; d++) {
        gradient[i]![d]! += slope * rows[k]![d]!
        gradient[k]![d]! += slope * row[d]!
      }
    }
  })
  return { loss, gradient: gradient.flat() }
}

/** The whole matrix at once, as one would write it. */
function direct(hidden: Tensor2D): Scalar {
  return tidy(() => {
    const size = hidden.shape[0]
    const unit = l2Normalize(hidden)
    const similarities = sub(div(matMul(unit, unit, false, true), 0.1), mul(eye(size), 1e9)) as Tensor2D
    const partners = Int32Array.from({ length: size }, (_, i) => (i + size / 2) % size)
    const labels = oneHot(tensor1d(partners, 'int32'), size)
    return neg(mean(sum(mul(logSoftmax(similarities), labels), 1)))
  })
}

describe('the tiles of ntXent', () => {
  const unit = l2Normalize(tensor2d(formulaValues(1, 20 * WIDTH), [20, WIDTH]))

  it.each([
    { temperature: 0.01, blockRows: 512 },
    { temperature: 0.01, blockRows: 3 },
    { temperature: 0.01, blockRows: 1 },
    { temperature: 0.5, blockRows: 7 },
  ])('agree with double precision at temperature $temperature, tiles of $blockRows', (options) => {
    const expected = inDoublePrecision(unit.dataSync() as Float32Array, options.temperature)
    const run = (x: Tensor): Scalar => ntXent(x as Tensor2D, { ...options, normalize: false })
    const largest = Math.max(...expected.gradient.map(Math.abs))
    expect(run(unit)).toBeAllClose([expected.loss], { relative: 1e-5 })
    expect(grad(run)(unit)).toBeAllClose(expected.gradient, { absolute: 2e-5 * largest, relative: 1e-5 })
  })

  it('keep the small loss of views that agree, at temperature 0.01', () => {
    const images = add(eye(WIDTH), 1)
    const noise = tensor2d(formulaValues(2, WIDTH * WIDTH, 0, 0.02), [WIDTH, WIDTH])
    const views = l2Normalize(concat([images, add(images, noise)]) as Tensor2D)
    const { loss } = inDoublePrecision(views.dataSync() as Float32Array, 0.01)
    expect(loss).toBeLessThan(0.01)
    const options = { temperature: 0.01, normalize: false, blockRows: 4 }
    expect(ntXent(views, options)).toBeAllClose([loss], { relative: 1e-4 })
  })

  it('leave out a row itself exactly, however long the rows are', () => {
    const rows = mul(unit, 300) as Tensor2D
    const { loss } = inDoublePrecision(rows.dataSync() as Float32Array, 0.1)
    const options = { temperature: 0.1, normalize: false, blockRows: 6 }
    expect(ntXent(rows, options)).toBeAllClose([loss], { relative: 1e-5 })
  })

  it('take rows of zeros and of almost nothing', () => {
    const values = formulaValues(3, 6 * WIDTH)
    values.fill(0, 0, WIDTH).fill(1e-20, 2 * WIDTH, 3 * WIDTH)
    const gradient = grad((x) => ntXent(x as Tensor2D, { blockRows: 2 }))(tensor2d(values, [6, WIDTH]))
    expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true)
  })

  it('pass NaN on, and are 0 without negatives', () => {
    const values = formulaValues(4, 8 * WIDTH)
    expect(ntXent(tensor2d(values.slice(0, 2 * WIDTH), [2, WIDTH])).dataSync()[0]).toBe(0)
    values[0] = Number.NaN
    expect(ntXent(tensor2d(values, [8, WIDTH]), { blockRows: 3 }).dataSync()[0]).toBeNaN()
    expect(ntXent(tensor2d(values.slice(0, 2 * WIDTH), [2, WIDTH])).dataSync()[0]).toBeNaN()
  })

  it('give both arguments of the gathered form the gradient of one tile', () => {
    const local = concat([slice(unit, [2, 0], [4, -1]), slice(unit, [12, 0], [4, -1])])
    const gradients = (blockRows: number): Tensor[] =>
      grads((x, y) => ntXentGathered(x as Tensor2D, y as Tensor2D, 2, { blockRows }))([local, unit])
    const expected = gradients(512)
    gradients(3).forEach((gradient, i) => {
      expect(gradient).toBeAllClose(expected[i]!.dataSync(), { absolute: 1e-6, relative: 1e-5 })
    })
  })

  it('leak no tensors', () => {
    const run = (x: Tensor): Scalar => ntXent(x as Tensor2D, { blockRows: 3 })
    expect(() => run(unit).dispose()).toLeakNoTensors()
    expect(() => grad(run)(unit).dispose()).toLeakNoTensors()
  })

  it('hold less than a tenth of what the whole matrix takes', async () => {
    const hidden = tensor2d(formulaValues(5, 2048 * WIDTH), [2048, WIDTH])
    const peak = async (loss: (x: Tensor2D) => Scalar): Promise<number> => {
      const { peakBytes } = await profile(() => grad((x) => loss(x as Tensor2D))(hidden))
      return peakBytes
    }
    const blocked = await peak((x) => ntXent(x, { blockRows: 256 }))
    expect(blocked).toBeLessThan(0.1 * (await peak(direct)))
  })
})
