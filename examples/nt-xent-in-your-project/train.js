/**
 * A project of its own, with nothing but TensorFlow.js and @simclr/losses: a small network learns without labels which
 * drawing it sees. Each of 32 drawings is an 8 × 8 grid of numbers; a view hides a third of them and adds noise.
 */
import { contrastiveMetrics, ntXent } from '@simclr/losses'
import * as tf from '@tensorflow/tfjs'

await tf.setBackend('cpu')
const images = 32
const pixels = 64
const steps = process.argv.includes('--smoke') ? 20 : 150
const drawings = tf.randomNormal([images, pixels], 0, 1, 'float32', 1)

function view(seed) {
  const visible = tf.cast(
    tf.greater(tf.randomUniform(drawings.shape, 0, 1, 'float32', seed), 1 / 3),
    'float32',
  )
  return tf.add(tf.mul(drawings, visible), tf.randomNormal(drawings.shape, 0, 0.5, 'float32', seed))
}

const network = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [pixels], units: 64, activation: 'relu' }),
    tf.layers.dense({ units: 16 }),
  ],
})
const optimizer = tf.train.adam(0.003)

for (let step = 0; step <= steps; step++) {
  tf.tidy(() => {
    // Rows 0..31 are the first views, rows 32..63 the second views of the same drawings.
    const views = tf.concat([view(2 * step + 10), view(2 * step + 11)])
    const loss = optimizer.minimize(() => ntXent(network.apply(views), { temperature: 0.2 }), true)
    if (step % 10 > 0) return
    const { accuracy } = contrastiveMetrics(network.apply(views), { temperature: 0.2 })
    const share = (100 * accuracy.dataSync()[0]).toFixed(0)
    console.log(`step ${step}: NT-Xent ${loss.dataSync()[0].toFixed(3)}, finds the other view of ${share} %`)
  })
}
