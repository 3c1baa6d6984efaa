/**
 * NT-Xent on its own: pulls the two views of each image together and pushes different images apart.
 *
 * Eight images are points on a circle; each view adds noise. Gradient descent moves the embeddings themselves, without
 * any network, so that only the loss is at work.
 *
 * Run:       pnpm tsx examples/nt-xent.ts [--smoke]
 * Takes:     2 s on 2 CPU cores
 * Last line: the contrastive accuracy is 100 %
 * Settings:  temperature 0.1 (the default), 8 images, two views each
 */
import '@tensorflow/tfjs-backend-cpu'
import { RandomKey } from '@simclr/core'
import { useEngine } from '@simclr/engine'
import { contrastiveMetrics, ntXent } from '@simclr/losses'
import { grad, mul, sub, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'

await useEngine('cpu')
const images = 8
const dimensions = 4
const steps = process.argv.includes('--smoke') ? 60 : 200

// Rows 0..7 are view one of each image, rows 8..15 view two: row i and row i + 8 belong together.
const noise = RandomKey.fromSeed(1)
const start = Array.from({ length: 2 * images }, (_, row) => {
  const angle = (2 * Math.PI * (row % images)) / images
  const point = [Math.cos(angle), Math.sin(angle), 0, 0]
  return point.map((coordinate, axis) => coordinate + 0.7 * noise.normal(row * dimensions + axis))
})
let hidden: Tensor2D = tensor2d(start)

const gradient = grad((x) => ntXent(x as Tensor2D))
for (let step = 0; step <= steps; step++) {
  if (step % 20 === 0) {
    const { accuracy, entropy } = contrastiveMetrics(hidden)
    const loss = ntXent(hidden).dataSync()[0]!
    console.log(
      `step ${step}: loss ${loss.toFixed(3)}, contrastive accuracy ${(100 * accuracy.dataSync()[0]!).toFixed(0)} %, ` +
        `entropy ${entropy.dataSync()[0]!.toFixed(3)}`,
    )
  }
  const moved: Tensor2D = tidy(() => sub(hidden, mul(gradient(hidden), 0.5)))
  hidden.dispose()
  hidden = moved
}

const { accuracy } = contrastiveMetrics(hidden)
console.log(`the contrastive accuracy is ${(100 * accuracy.dataSync()[0]!).toFixed(0)} %`)
