/** `simclr bench data`: from JPEG files to batches of views beside torch's DataLoader, on all cores. */
import { availableParallelism } from 'node:os'
import type { EngineName } from '@simclr/engine'
import type { BenchCase } from './bench-report.ts'
import { type CompareOptions, compare, speedCase } from './compare.ts'
import { PeerProcess } from './peer-process.ts'
import { peerScript, workerScript } from './script-paths.ts'
import type { ViewCase } from './view-case.ts'
import { withPhotos } from './with-photos.ts'

export interface BenchDataOptions extends CompareOptions {
  readonly engine: EngineName
  /** Python that has torch and torchvision. */
  readonly python: string
}

const NAME = 'two views of 224 px, from 400 px JPEG files, all cores'

/** A step is a pass over the images, so that nothing that was made in a pause counts. */
export async function benchData({ engine, python, ...options }: BenchDataOptions): Promise<BenchCase[]> {
  const cores = availableParallelism()
  const images = 128 * cores
  const comparison = await withPhotos(python, images, (folder) => {
    const viewCase: ViewCase = {
      folder,
      images,
      size: 224,
      strength: 1,
      blur: true,
      batchSize: 32,
      threads: cores,
      workers: cores,
    }
    const text = JSON.stringify(viewCase)
    const contest = {
      name: NAME,
      steps: 1,
      views: 2 * images,
      ours: () => new PeerProcess(process.execPath, [workerScript('views-worker.js'), engine, text]),
      peer: () => new PeerProcess(python, [peerScript('views.py'), 'torchvision', text]),
    }
    return compare(contest, options)
  })
  return [speedCase(NAME, comparison)]
}
