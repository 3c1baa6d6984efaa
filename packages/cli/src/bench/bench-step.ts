/** `simclr bench step`: our training step against PyTorch eager, channels-last, float32, in turns. */
import { RandomKey } from '@simclr/core'
import { buildNetwork, buildOptimizer, type Config, resolveConfig, trainStep } from '@simclr/trainer'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import type { BenchCase } from './bench-report.ts'
import { median } from './median.ts'
import { PeerProcess } from './peer-process.ts'

export interface BenchStepOptions {
  python: string
  /** Repetitions, each a few of our steps and as many of the peer's. */
  repetitions: number
  threads: number
  log: (line: string) => void
}

interface StepCase {
  readonly name: string
  readonly config: Config
  readonly views: number
  /** Steps of one repetition. */
  readonly steps: number
}

const small = { stem: 'cifar', imageSize: 32, optimizer: 'sgd' } as const

/** What is measured: the models that people train on such machines. */
const CASES: readonly StepCase[] = [
  {
    name: 'ResNet-18, 32 px, 128 views',
    config: resolveConfig({ ...small, depth: 18 }),
    views: 128,
    steps: 2,
  },
  {
    name: 'ResNet-18 ¼ width, 32 px, 512 views',
    config: resolveConfig({ ...small, depth: 18, width: 0.25 }),
    views: 512,
    steps: 2,
  },
]

/** Measures every case; views per second, median over the repetitions. */
export async function benchStep(options: BenchStepOptions): Promise<BenchCase[]> {
  const cases: BenchCase[] = []
  for (const stepCase of CASES) cases.push(await measure(stepCase, options))
  return cases
}

async function measure(
  { name, config, views, steps }: StepCase,
  options: BenchStepOptions,
): Promise<BenchCase> {
  const { python, repetitions, threads, log } = options
  const { depth, width, stem, imageSize } = config
  const peer = new PeerProcess(python, 'step.py', [depth, width, stem, imageSize, views, threads].map(String))
  const network = buildNetwork(config)
  const optimizer = buildOptimizer(config, () => 0.01)
  const images = randomImages(views, imageSize)
  const ourSteps = (): number => {
    const began = performance.now()
    for (let i = 0; i < steps; i++) trainStep(network, optimizer, images, { temperature: 0.5 })
    return (performance.now() - began) / 1000
  }
  try {
    const version = (await peer.read()).replace('ready ', '')
    ourSteps()
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let i = 0; i < repetitions; i++) {
      ours.push((views * steps) / ourSteps())
      theirs.push((views * steps) / Number(await peer.ask(String(steps))))
      log(`${name}: ours ${ours.at(-1)!.toFixed(1)}, ${version} ${theirs.at(-1)!.toFixed(1)} views/s`)
    }
    const [ourMedian, theirMedian] = [median(ours), median(theirs)]
    return {
      case: name,
      peer: version,
      unit: 'views/s',
      ours: ourMedian,
      theirs: theirMedian,
      ratio: ourMedian / theirMedian,
    }
  } finally {
    peer.close()
    network.dispose()
    optimizer.dispose()
    images.dispose()
  }
}

function randomImages(count: number, size: number): Tensor4D {
  const key = RandomKey.fromSeed(0)
  const values = Float32Array.from({ length: count * size * size * 3 }, (_, i) => key.uniform(i))
  return tensor4d(values, [count, size, size, 3])
}
