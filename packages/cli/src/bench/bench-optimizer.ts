/** `simclr bench optimizer`: a LARS step over ResNet-50's parameters beside lightly's LARS and PyTorch's SGD. */
import type { EngineName } from '@simclr/engine'
import { buildNetwork, resolveConfig } from '@simclr/trainer'
import type { BenchCase } from './bench-report.ts'
import { type CompareOptions, compare } from './compare.ts'
import { PeerProcess } from './peer-process.ts'
import { peerScript, workerScript } from './script-paths.ts'

export interface BenchOptimizerOptions extends CompareOptions {
  readonly engine: EngineName
  /** Python that has torch and lightly. */
  readonly python: string
  readonly threads: number
}

/** Measures steps per second, median over the repetitions. */
export async function benchOptimizer(options: BenchOptimizerOptions): Promise<BenchCase[]> {
  const { engine, python, threads } = options
  const shapes = parameterShapes()
  const measure = async (task: string, peerName: string): Promise<BenchCase> => {
    const name = `${task}, ${shapes.length} parameters of ResNet-50 and its head`
    const args = [JSON.stringify(shapes), String(threads)]
    const { peer, rates } = await compare(
      {
        name,
        steps: 20,
        views: 1,
        unit: 'steps/s',
        ours: () => new PeerProcess(process.execPath, [workerScript('optimizer-worker.js'), engine, ...args]),
        peer: () => new PeerProcess(python, [peerScript('optimizer.py'), peerName, ...args]),
      },
      options,
    )
    const [ours, theirs] = rates
    return { case: name, peer, unit: 'steps/s', ours, theirs, ratio: ours / theirs }
  }
  return [await measure('LARS', 'lars'), await measure('LARS beside plain SGD', 'sgd')]
}

/** Shapes of ResNet-50's parameters and its projection head's, and which of them LARS adapts. */
function parameterShapes(): [shape: number[], adapted: boolean][] {
  const network = buildNetwork(resolveConfig({ depth: 50, stem: 'imagenet', imageSize: 224 }))
  try {
    return network.parameters().map(({ value, role }) => [value.shape, role === 'kernel'])
  } finally {
    network.dispose()
  }
}
