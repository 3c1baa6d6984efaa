/**
 * The same model as its user would write it with the operations of TensorFlow.js, on `@tensorflow/tfjs-node`: a peer of
 * `simclr bench step`. Its optimizer is TensorFlow.js's momentum, which does less than LARS.
 *
 * usage: node plain-step-worker.js DEPTH WIDTH STEM SIZE VIEWS THREADS
 */
import { useEngine } from '@simclr/engine'
import * as tf from '@tensorflow/tfjs-core'
import { answerSteps } from './answer-steps.ts'
import { randomImages } from './step-case.ts'

type Layer = (x: tf.Tensor4D) => tf.Tensor4D

/** tfjs-node pools without numbers as padding; behind a ReLU zeros change no maximum. */
const BORDER: [number, number][] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
]

const BLOCKS: Record<string, readonly number[]> = { 18: [2, 2, 2, 2], 50: [3, 4, 6, 3] }

const [depth, width, stem, size, views, threads] = process.argv.slice(2) as [
  string,
  string,
  string,
  ...string[],
]
const { version } = await useEngine('tensorflow', { threads: Number(threads) })

const weight = (shape: number[], deviation: number): tf.Variable =>
  tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, deviation)))

function normalisation(channels: number): <T extends tf.Tensor>(x: T) => T {
  const scale = tf.tidy(() => tf.variable(tf.ones([channels])))
  const offset = tf.tidy(() => tf.variable(tf.zeros([channels])))
  return (x) => {
    const { mean, variance } = tf.moments(x, x.shape.map((_, axis) => axis).slice(0, -1))
    return tf.batchNorm(
      x as tf.Tensor4D,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      v(offset),
      v(scale),
      1e-5,
    ) as typeof x
  }
}

const v = (variable: tf.Variable): tf.Tensor1D => variable as unknown as tf.Tensor1D

function convolution(inputs: number, outputs: number, kernel: number, stride = 1): Layer {
  const filter = weight([kernel, kernel, inputs, outputs], Math.sqrt(2 / (kernel * kernel * inputs)))
  const normalise = normalisation(outputs)
  return (x) => normalise(tf.conv2d(x, filter as unknown as tf.Tensor4D, stride, (kernel - 1) / 2))
}

function block(inputs: number, base: number, stride: number, isFirst: boolean): Layer {
  const isBasic = depth === '18'
  const outputs = isBasic ? base : 4 * base
  const convolutions = isBasic
    ? [convolution(inputs, base, 3, stride), convolution(base, base, 3)]
    : [convolution(inputs, base, 1), convolution(base, base, 3, stride), convolution(base, outputs, 1)]
  const shortcut = isFirst ? convolution(inputs, outputs, 1, stride) : (x: tf.Tensor4D) => x
  return (x) => {
    const branch = convolutions.reduce((y, layer, i) => layer(i === 0 ? y : tf.relu(y)), x)
    return tf.relu(tf.add(branch, shortcut(x)))
  }
}

function buildLayers(): { layers: Layer[]; features: number } {
  const base = Math.round(64 * Number(width))
  const first = stem === 'cifar' ? convolution(3, base, 3) : convolution(3, base, 7, 2)
  const layers: Layer[] = [(x) => tf.relu(first(x))]
  if (stem === 'imagenet') layers.push((x) => tf.maxPool(tf.pad(x, BORDER), 3, 2, 'valid'))
  let features = base
  BLOCKS[depth]!.forEach((count, group) => {
    for (let i = 0; i < count; i++) {
      layers.push(block(features, base * 2 ** group, group > 0 && i === 0 ? 2 : 1, i === 0))
      features = base * 2 ** group * (depth === '18' ? 1 : 4)
    }
  })
  return { layers, features }
}

const { layers, features } = buildLayers()
const hiddenWeights = weight([features, features], Math.sqrt(2 / features)) as unknown as tf.Tensor2D
const outputWeights = weight([features, 128], Math.sqrt(2 / features)) as unknown as tf.Tensor2D
const normaliseHidden = normalisation(features)
const normaliseOutput = normalisation(128)
const rows = Number(views)
const images = randomImages(rows, Number(size))
const partners = tf.tensor1d(
  Array.from({ length: rows }, (_, i) => (i + rows / 2) % rows),
  'int32',
)
const optimizer = tf.train.momentum(0.01, 0.9)

function loss(): tf.Scalar {
  const encoded = layers.reduce((x, layer) => layer(x), images)
  const pooled = tf.mean(encoded, [1, 2]) as tf.Tensor2D
  const hidden = tf.relu(normaliseHidden(tf.matMul(pooled, hiddenWeights)))
  const output = normaliseOutput(tf.matMul(hidden, outputWeights))
  const unit = tf.div(output, tf.norm(output, 2, 1, true)) as tf.Tensor2D
  const similarities = tf.sub(tf.div(tf.matMul(unit, unit, false, true), 0.5), tf.mul(tf.eye(rows), 1e9))
  const labels = tf.oneHot(partners, rows)
  return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(similarities as tf.Tensor2D)), 1)))
}

await answerSteps(`tfjs-node ${version}`, async () => {
  const value = optimizer.minimize(loss, true)!
  await value.data()
  value.dispose()
})
