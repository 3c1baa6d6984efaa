import { memory, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core'
import { afterAll, expect, it } from 'vitest'
import { buildNetwork } from './build-run.ts'
import { resolveConfig } from './config.ts'
import { explainOutOfMemory } from './explain-out-of-memory.ts'

class OutOfMemory extends Error {
  readonly isOutOfMemory = true
}

const shape = { batchSize: 32, imageSize: 8, temperature: 0.5 }
const network = buildNetwork(resolveConfig({ depth: 18, width: 0.0625, stem: 'cifar', imageSize: 8 }))
afterAll(() => network.dispose())

/** The network on a device that holds so many views. */
function limited(views: number): typeof network {
  const apply = (x: Tensor4D, options: { training: boolean }): Tensor2D => {
    if (x.shape[0] > views) throw new OutOfMemory('out of memory')
    return network.apply(x, options)
  }
  return Object.assign(Object.create(network), { apply })
}

const fail = (): never => {
  throw new OutOfMemory('out of memory')
}

it('names the largest batch that fits', () => {
  const before = memory().numTensors
  expect(() => explainOutOfMemory(shape, limited(20), fail)).toThrow(
    /batchSize: must be small enough for the memory of the device, got 32\. The largest that fitted is 8: use --batch-size 8/,
  )
  expect(memory().numTensors).toBe(before)
})

it('says so if nothing fits', () => {
  expect(() => explainOutOfMemory(shape, limited(0), fail)).toThrow(/Not even 2 images fit/)
})

it('tries no smaller batch where other processes would have to join in', () => {
  let calls = 0
  const counted = Object.assign(Object.create(network), { apply: () => calls++ })
  expect(() => explainOutOfMemory(shape, counted, fail, 4)).toThrow(
    /got 32\. Start more ranks, or lower --batch-size/,
  )
  expect(calls).toBe(0)
})

it('lets results and other errors pass', () => {
  expect(explainOutOfMemory(shape, network, () => 5)).toBe(5)
  const other = new Error('other')
  expect(() =>
    explainOutOfMemory(shape, network, () => {
      throw other
    }),
  ).toThrow(other)
})
