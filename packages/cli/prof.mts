import { RandomKey } from '@simclr/core'
import { useEngine, profileKernels } from '@simclr/engine'
import { buildNetwork, buildOptimizer, resolveConfig, trainStep } from '@simclr/trainer'
import { tensor4d } from '@tensorflow/tfjs-core'
const [depth, width, stem, size, views, opt] = process.argv.slice(2)
await useEngine('libtorch')
const config = resolveConfig({ depth: Number(depth), width: Number(width), stem, imageSize: Number(size), optimizer: opt } as never)
const network = buildNetwork(config)
const optimizer = buildOptimizer(config, () => 0.01)
const n = Number(views), s = Number(size)
const key = RandomKey.fromSeed(0)
const images = tensor4d(Float32Array.from({ length: n * s * s * 3 }, (_, i) => key.uniform(i)), [n, s, s, 3])
const step = () => trainStep(network, optimizer, images, { temperature: 0.5 })
step()
const c0 = process.cpuUsage()
const p = profileKernels(step)
const c = process.cpuUsage(c0)
console.log('total', p.total.toFixed(0), 'cpu', ((c.user + c.system) / 1000).toFixed(0), 'kernels', p.kernels.reduce((a, k) => a + k.milliseconds, 0).toFixed(0), 'calls', p.kernels.reduce((a, k) => a + k.calls, 0))
for (const k of p.kernels.slice(0, 25)) console.log(k.name.padEnd(30), String(k.calls).padStart(5), k.milliseconds.toFixed(1).padStart(9))
