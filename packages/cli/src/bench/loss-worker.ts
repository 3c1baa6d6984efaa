/**
 * NT-Xent and its gradient in a process of its own, so that its memory is its own too.
 *
 * usage: node loss-worker.js ENGINE ours|textbook ROWS THREADS
 * Speaks the protocol of `peers/protocol.py`.
 */
import { type EngineName, useEngine } from '@simclr/engine'
import { ntXent } from '@simclr/losses'
import * as tf from '@tensorflow/tfjs-core'
import { answerSteps } from './answer-steps.ts'

/** `textbook` is what its user would write with the operations of TensorFlow.js. */
export type LossForm = 'ours' | 'textbook'

const TEMPERATURE = 0.5

const [engine, form, rows, threads] = process.argv.slice(2)
const { name, version } = await useEngine(engine as EngineName, { threads: Number(threads) })
const hidden: tf.Tensor2D = tf.randomNormal([Number(rows), 128], 0, 1, 'float32', 0)

function textbook(x: tf.Tensor2D): tf.Scalar {
  const size = x.shape[0]
  const unit = tf.div(x, tf.norm(x, 2, 1, true))
  const similarities = tf.div(tf.matMul(unit, unit, false, true), TEMPERATURE)
  const others = tf.sub(similarities, tf.mul(tf.eye(size), 1e9))
  const partners = Int32Array.from({ length: size }, (_, i) => (i + size / 2) % size)
  const labels = tf.oneHot(tf.tensor1d(partners, 'int32'), size)
  return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(others)), 1)))
}

const loss = (x: tf.Tensor): tf.Scalar =>
  form === 'textbook' ? textbook(x as tf.Tensor2D) : ntXent(x as tf.Tensor2D, { temperature: TEMPERATURE })
const lossAndGradient = tf.valueAndGrad(loss)

await answerSteps(
  form === 'textbook' ? `textbook composition, ${version}` : `${name} ${version}`,
  async () => {
    const { value, grad } = lossAndGradient(hidden)
    await value.data()
    tf.dispose([value, grad])
  },
)
