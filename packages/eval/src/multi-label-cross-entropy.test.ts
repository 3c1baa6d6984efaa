import { RandomKey, SimclrError } from '@simclr/core'
import { grad, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { multiLabelCrossEntropy } from './multi-label-cross-entropy.ts'

const key = RandomKey.fromSeed(4)
const [images, classes] = [5, 4]
const logits = Float32Array.from({ length: images * classes }, (_, i) => key.uniform(i, -3, 3))
const labels = Int8Array.from({ length: images * classes }, (_, i) => key.fold('label').integer(i, 3) - 1)

/** −log of the sigmoid's probability of each entry that counts, over the number of images. */
function byDefinition(values: ArrayLike<number>, marks: Int8Array): number {
  const probability = (logit: number): number => 1 / (1 + Math.exp(-logit))
  const losses = Array.from(values, (logit, i) => {
    if (marks[i] === 0) return 0
    return -Math.log(marks[i] === 1 ? probability(logit) : 1 - probability(logit))
  })
  return losses.reduce((a, b) => a + b) / images
}

function lossOf(values: ArrayLike<number>, marks = labels): number {
  const x = tensor2d(Float32Array.from(values), [images, classes])
  const loss = multiLabelCrossEntropy(x, marks)
  const [value] = loss.dataSync()
  x.dispose()
  loss.dispose()
  return value!
}

function gradientOf(values: Float32Array, marks = labels): Float32Array {
  const x = tensor2d(values, [images, classes])
  const gradient = grad((z) => multiLabelCrossEntropy(z as Tensor2D, marks))(x)
  const entries = gradient.dataSync<'float32'>()
  x.dispose()
  gradient.dispose()
  return entries
}

test('is the sum of the binary cross-entropies of an image, averaged over images', () => {
  expect(labels).toContain(0)
  expect(() => {
    expect(lossOf(logits)).toBeCloseTo(byDefinition(logits, labels), 5)
  }).toLeakNoTensors()
})

test('has the gradient of finite differences', () => {
  const gradient = gradientOf(logits)
  logits.forEach((logit, i) => {
    const difference = (h: number): number =>
      byDefinition(Float64Array.from(logits).with(i, logit + h), labels)
    expect(gradient[i]).toBeCloseTo((difference(1e-5) - difference(-1e-5)) / 2e-5, 5)
  })
})

test('difficult entries have no influence and no gradient', () => {
  const changed = logits.map((logit, i) => (labels[i] === 0 ? 100 : logit))
  expect(lossOf(changed)).toBe(lossOf(logits))
  const gradient = gradientOf(logits)
  labels.forEach((label, i) => {
    if (label === 0) expect(gradient[i]).toBe(0)
    else expect(Math.sign(gradient[i]!)).toBe(-label)
  })
  expect(lossOf(logits, new Int8Array(labels.length))).toBe(0)
})

test('stays finite for large logits', () => {
  const large = logits.map((_, i) => (labels[i] === 1 ? -1000 : 1000))
  const counted = labels.filter((label) => label !== 0).length
  expect(lossOf(large)).toBeCloseTo((1000 * counted) / images, 2)
})

test.each([
  [Int8Array.of(1), '1 labels'],
  [new Int8Array(20).fill(2), 'the label 2'],
])('refuses labels that do not fit', (wrong, received) => {
  expect(() => lossOf(logits, wrong)).toThrow(SimclrError)
  expect(() => lossOf(logits, wrong)).toThrow(received)
})
