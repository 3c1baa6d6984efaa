import { describe, expect, test } from 'vitest'
import { GRADIENT_BUCKET_BYTES, type StepMachine, type StepWork, stepCost } from './cost-model.ts'

/** Small numbers, so that every expectation can be followed by hand. */
const work: StepWork = {
  parameters: 1000,
  batchNormLayers: 2,
  batchNormChannels: 30,
  projectionWidth: 8,
  batchSize: 16,
}
const machine: StepMachine = { viewsPerSecond: 32, link: { bandwidth: 1000, latency: 0.001 } }

describe('by hand', () => {
  const { bytes, seconds, viewsPerSecond, efficiency } = stepCost({ work, machine, ranks: 4 })

  test('bytes that a rank of four sends', () => {
    expect(bytes).toEqual({
      batchStatistics: 1.5 * 4 * (2 * 30 + 2 * 30), // 2 floats per channel, forward and backward
      gather: 0.75 * 32 * 8 * 4,
      gatherGradient: 1.5 * 32 * 8 * 4,
      gradients: 1.5 * 1000 * 4,
      metrics: 0.75 * 32 * 8 * 4 + 1.5 * 3 * 4,
      total: 720 + 768 + 1536 + 6000 + 786,
    })
  })

  test('seconds: bytes over bandwidth, and two latencies up and two down per all-reduce', () => {
    expect(seconds.compute).toBe(0.25) // 8 views
    expect(seconds.batchStatistics).toBeCloseTo(0.72 + 4 * 0.004, 12) // two layers, two directions
    expect(seconds.gather).toBeCloseTo(0.768 + 0.002, 12)
    expect(seconds.gatherGradient).toBeCloseTo(1.536 + 0.004, 12)
    expect(seconds.gradients).toBeCloseTo(6 + 0.004, 12)
    expect(seconds.metrics).toBeCloseTo(0.77 + 0.018 + 0.004, 12)
    expect([seconds.update, seconds.input]).toEqual([0, 0])
    expect(seconds.total).toBeCloseTo(0.25 + 0.736 + 0.77 + 1.54 + 6.004 + 0.792, 12)
  })

  test('speed, and efficiency against one rank', () => {
    expect(viewsPerSecond).toBeCloseTo(32 / 10.092, 12)
    expect(efficiency.strong).toBeCloseTo(1 / (4 * 10.092), 12)
    expect(efficiency.weak).toBeCloseTo(0.25 / 10.092, 12)
  })

  test('an update takes the same time on every rank: only the strong efficiency falls', () => {
    const free = {
      ...machine,
      link: { bandwidth: Number.POSITIVE_INFINITY, latency: 0 },
      updateSeconds: 0.25,
    }
    expect(stepCost({ work, machine: free, ranks: 4 }).efficiency).toEqual({
      strong: 1.25 / (4 * 0.5),
      weak: 1,
    })
  })
})

describe('limits', () => {
  test('one rank sends nothing and waits for nobody', () => {
    const { seconds, bytes, efficiency } = stepCost({ work, machine, ranks: 1 })
    expect(seconds.total).toBe(seconds.compute)
    expect(bytes.total).toBe(0)
    expect(efficiency).toEqual({ strong: 1, weak: 1 })
  })

  test('infinite bandwidth leaves the latencies, no latency leaves nothing', () => {
    const bandwidth = Number.POSITIVE_INFINITY
    const latencies = stepCost({ work, machine: { ...machine, link: { bandwidth, latency: 1 } }, ranks: 2 })
    // 4 statistics, 1 gradient of the gather, 1 bucket, 1 metric of two each, and two gathers of one.
    expect(latencies.seconds.total - latencies.seconds.compute).toBe(7 * 2 + 2)
    const free = stepCost({ work, machine: { ...machine, link: { bandwidth, latency: 0 } }, ranks: 2 })
    expect(free.efficiency).toEqual({ strong: 1, weak: 1 })
  })

  test('bytes per rank of an all-reduce approach twice the tensor', () => {
    const { bytes } = stepCost({ work: { ...work, batchSize: 2 ** 20 }, machine, ranks: 2 ** 20 })
    expect(bytes.gradients / 4000).toBeCloseTo(2, 5)
  })

  test('bf16 halves the gradients and nothing else', () => {
    const whole = stepCost({ work, machine, ranks: 4 }).bytes
    const half = stepCost({ work: { ...work, gradientBytes: 2 }, machine, ranks: 4 }).bytes
    expect(half).toEqual({
      ...whole,
      gradients: whole.gradients / 2,
      total: whole.total - whole.gradients / 2,
    })
  })
})

describe('overlap', () => {
  const buckets = { ...work, parameters: (4 * GRADIENT_BUCKET_BYTES) / 4 }
  const fast = { ...machine, link: { bandwidth: GRADIENT_BUCKET_BYTES, latency: 0 } }
  const exposed = (overlap: number, viewsPerSecond: number): number =>
    stepCost({ work: buckets, machine: { ...fast, viewsPerSecond }, ranks: 2, overlap }).seconds.gradients

  test('the backward pass, two thirds of the computing, hides gradients', () => {
    expect(exposed(0, 16)).toBeCloseTo(4, 12) // 100 MB at 25 MB/s
    expect(exposed(1, 16)).toBeCloseTo(4 - 2 / 3, 12) // 16 views: 1 s
    expect(exposed(0.5, 16)).toBeCloseTo(4 - 1 / 3, 12)
  })

  test('but never the last of four buckets', () => {
    expect(exposed(1, 0.1)).toBeCloseTo(1, 12)
  })
})

describe('hosts', () => {
  const host = { ranks: 4, bandwidth: 4000, latency: 0.0001 }
  const grouped = { ...machine, host }
  const gather = (of: StepMachine, ranks: number): number =>
    stepCost({ work, machine: of, ranks }).seconds.gather

  test('one host uses its own link', () => {
    expect(gather(grouped, 4)).toBeCloseTo(768 / 4000 + 2 * 0.0001, 12)
  })

  test('several use the slower one, and both latencies', () => {
    expect(gather(grouped, 16)).toBeCloseTo(960 / 1000 + 2 * 0.0001 + 2 * 0.001, 12)
  })

  test('hosts of one rank are as no hosts', () => {
    expect(gather({ ...machine, host: { ...host, ranks: 1 } }, 4)).toBe(gather(machine, 4))
  })

  test('an operation has its own cost', () => {
    expect(gather({ ...machine, operationSeconds: 1 }, 4) - gather(machine, 4)).toBeCloseTo(1, 12)
  })
})

test('input: only what the rest of the step does not hide is waiting', () => {
  const seconds = (inputViewsPerSecond: number) =>
    stepCost({ work, machine: { ...machine, inputViewsPerSecond }, ranks: 1 }).seconds
  expect(seconds(32)).toMatchObject({ input: 0, total: 1 })
  expect(seconds(16)).toMatchObject({ compute: 1, input: 1, total: 2 })
})

test('ResNet-50 with the paper’s head', () => {
  const network = resNet50()
  expect(network).toEqual({ parameters: 27_968_704, batchNormLayers: 55, batchNormChannels: 28_736 })
  const resNet: StepWork = { ...network, projectionWidth: 128, batchSize: 4096 }
  const { bytes } = stepCost({ work: resNet, machine, ranks: 8 })
  expect(bytes.gradients).toBe(1.75 * 111_874_816)
  expect(bytes.batchStatistics).toBe(1.75 * 459_776)
  expect(bytes.gather).toBe(0.875 * 4_194_304)
  expect(bytes.gatherGradient).toBe(1.75 * 4_194_304)
})

describe('bad input', () => {
  test.each([
    [{ ranks: 3 }, /work\.batchSize: .*a multiple of the 3 ranks, got 16/],
    [{ ranks: 0 }, /ranks: .*at least 1, got 0/],
    [{ ranks: 2, overlap: 2 }, /overlap: .*between 0 and 1, got 2/],
    [{ ranks: 2, machine: { ...machine, link: { bandwidth: 0, latency: 0 } } }, /machine\.link\.bandwidth/],
    [{ ranks: 2, machine: { ...machine, viewsPerSecond: 0 } }, /machine\.viewsPerSecond/],
  ])('%o', (options, message) => {
    expect(() => stepCost({ work, machine, ...options })).toThrow(message)
  })
})

/** He et al. 2016, table 1: bottlenecks 1×1, 3×3, 1×1, normalisation behind every convolution; no classifier. */
function resNet50(): Pick<StepWork, 'parameters' | 'batchNormLayers' | 'batchNormChannels'> {
  const total = { parameters: 0, batchNormLayers: 0, batchNormChannels: 0 }
  function layer(weights: number, channels: number, offset = true): void {
    total.parameters += weights + (offset ? 2 : 1) * channels
    total.batchNormLayers += 1
    total.batchNormChannels += channels
  }
  layer(7 * 7 * 3 * 64, 64)
  let input = 64
  for (const [blocks, inner] of [
    [3, 64],
    [4, 128],
    [6, 256],
    [3, 512],
  ] as const) {
    const output = 4 * inner
    layer(input * output, output)
    for (let block = 0; block < blocks; block++) {
      layer(input * inner, inner)
      layer(9 * inner * inner, inner)
      layer(inner * output, output)
      input = output
    }
  }
  layer(2048 * 2048, 2048)
  layer(2048 * 128, 128, false) // the last normalisation of a head has no offset
  return total
}
