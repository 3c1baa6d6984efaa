/** `simclr bench augment`: views per second and core beside torchvision and kornia, in turns, each in its own process. */
import type { EngineName } from '@simclr/engine'
import type { BenchCase } from './bench-report.ts'
import { type CompareOptions, compare, speedCase } from './compare.ts'
import { findCore, startOnCore } from './one-core.ts'
import { peerScript, workerScript } from './script-paths.ts'
import type { ViewCase } from './view-case.ts'
import { withPhotos } from './with-photos.ts'

export interface BenchAugmentOptions extends CompareOptions {
  readonly engine: EngineName
  /** Python that has torch, torchvision and kornia. */
  readonly python: string
  /** Which cases: those whose name contains it. */
  readonly only: string
}

interface AugmentCase extends Omit<ViewCase, 'folder' | 'threads' | 'workers'> {
  readonly name: string
  /** Whether images are JPEG files. */
  readonly files: boolean
}

const CASES: readonly AugmentCase[] = [
  {
    name: '32 px, from memory',
    files: false,
    images: 2048,
    size: 32,
    strength: 0.5,
    blur: false,
    batchSize: 256,
  },
  {
    name: '224 px, from 400 px JPEG files, decoding included',
    files: true,
    images: 64,
    size: 224,
    strength: 1,
    blur: true,
    batchSize: 32,
  },
]

/** Measures every case; a step is a pass over the images that makes two views of each. */
export async function benchAugment(options: BenchAugmentOptions): Promise<BenchCase[]> {
  const core = findCore()
  options.log(
    core === undefined
      ? 'each process computes in one thread; processes cannot be bound to a core here: ours decodes beside it'
      : `each process computes in one thread and is bound to core ${core}; they take turns`,
  )
  const cases: BenchCase[] = []
  for (const { name, files, ...rest } of CASES.filter(({ name }) => name.includes(options.only))) {
    const measureIn = (folder: string | null): Promise<BenchCase[]> =>
      measure(name, { ...rest, folder, threads: 1, workers: 0 }, core, options)
    cases.push(...(await (files ? withPhotos(options.python, rest.images, measureIn) : measureIn(null))))
  }
  return cases
}

async function measure(
  name: string,
  viewCase: ViewCase,
  core: string | undefined,
  { engine, python, ...options }: BenchAugmentOptions,
): Promise<BenchCase[]> {
  const text = JSON.stringify(viewCase)
  const cases: BenchCase[] = []
  for (const peer of ['torchvision', 'torchvision-tensors', 'kornia']) {
    const contest = {
      name,
      steps: 1,
      views: 2 * viewCase.images,
      ours: () => startOnCore(core, process.execPath, [workerScript('views-worker.js'), engine, text]),
      peer: () => startOnCore(core, python, [peerScript('views.py'), peer, text]),
    }
    cases.push(speedCase(name, await compare(contest, options)))
  }
  return cases
}
