/** The same training steps on every engine of this machine: the losses agree. */
import { RandomKey } from '@simclr/core'
import { type EngineName, listEngines, useEngine } from '@simclr/engine'
import {
  buildNetwork,
  buildOptimizer,
  buildSchedule,
  findPreset,
  resolveConfig,
  trainStep,
} from '@simclr/trainer'
import { tensor4d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'

const STEPS = 10
const IMAGES = 32
const SIZE = 32

const config = resolveConfig(findPreset('tiny'), {
  width: 0.25,
  batchSize: IMAGES,
  optimizer: 'lars',
  learningRate: 0.3,
  epochs: 4,
})

/** Two noisy copies of the same random images; no engine computes them. */
function views(step: number): Float32Array {
  const key = RandomKey.fromSeed(step)
  const pixels = IMAGES * SIZE * SIZE * 3
  return Float32Array.from({ length: 2 * pixels }, (_, i) => {
    return 0.8 * key.fold('content').uniform(i % pixels) + 0.2 * key.fold('noise').uniform(i)
  })
}

/** The losses of the first steps on an engine. */
async function losses(engine: EngineName): Promise<number[]> {
  await useEngine(engine, { log: () => {} })
  const network = buildNetwork(config)
  const optimizer = buildOptimizer(config, buildSchedule(config, STEPS))
  const results: number[] = []
  for (let step = 0; step < STEPS; step++) {
    const batch = tensor4d(views(step), [2 * IMAGES, SIZE, SIZE, 3])
    results.push(trainStep(network, optimizer, batch, config).loss)
    batch.dispose()
  }
  network.dispose()
  optimizer.dispose()
  return results
}

describe('losses', async () => {
  it('x', async () => {
    const t0 = performance.now()
    const a = await losses('libtorch')
    console.log(a, performance.now() - t0)
    for (const e of ['wasm', 'tensorflow'] as const) {
      const t0 = performance.now()
      const b = await losses(e)
      console.log(e, b.map((x, i) => Math.abs(x - a[i]!).toExponential(1)).join(' '), performance.now() - t0)
    }
  })
})
