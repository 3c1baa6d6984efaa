import { RandomKey } from '@simclr/core'
import { useEngine } from '@simclr/engine'
import { buildNetwork, buildOptimizer, resolveConfig, trainStep } from '@simclr/trainer'
import { tensor4d } from '@tensorflow/tfjs-core'
const [depth, width, stem, size, views, steps] = process.argv.slice(2)
await useEngine('libtorch')
const rss = () => (process.memoryUsage.rss() / 1e6).toFixed(0)
console.log('start', rss())
const config = resolveConfig({ depth: Number(depth), width: Number(width), stem, imageSize: Number(size), optimizer: 'lars' } as never)
const network = buildNetwork(config)
const optimizer = buildOptimizer(config, () => 0.01)
const n = Number(views), s = Number(size)
const key = RandomKey.fromSeed(0)
const images = tensor4d(Float32Array.from({ length: n * s * s * 3 }, (_, i) => key.uniform(i)), [n, s, s, 3])
for (let i = 0; i < Number(steps); i++) {
  const began = performance.now()
  const m = trainStep(network, optimizer, images, { temperature: 0.5 })
  console.log(i, 'loss', m.loss, 'ms', (performance.now() - began).toFixed(0), 'rss', rss(), 'peak', (process.resourceUsage().maxRSS / 1e3).toFixed(0))
}
