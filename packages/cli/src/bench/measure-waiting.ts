/** How much of a training run's time passes in waiting for images. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { presets, resolveConfig } from '@simclr/trainer'
import { pretrain, type StepEvent } from '@simclr/trainer/node'
import type { BenchFigure } from './bench-report.ts'

const config = resolveConfig(presets['cifar10-cpu'])
const STEPS = 33
/** Steps that are left out: allocators and caches find their sizes. */
const WARM_UP = 3

/** Runs the training loop of the preset `cifar10-cpu` on images in memory, on the current engine. */
export async function measureWaiting(): Promise<BenchFigure> {
  const out = await mkdtemp(join(tmpdir(), 'simclr-waiting-'))
  const steps: StepEvent[] = []
  try {
    await pretrain(
      { ...config, data: `synthetic:${STEPS * config.batchSize}`, epochs: 1, knnEvery: 0 },
      { out, onEvent: (event) => event.event === 'step' && steps.push(event) },
    )
  } finally {
    await rm(out, { recursive: true, force: true })
  }
  const seconds = steps.at(-1)!.seconds - steps[WARM_UP - 1]!.seconds
  const waited = steps.slice(WARM_UP).reduce((sum, { waitSeconds }) => sum + waitSeconds, 0)
  return {
    figure: 'training on CIFAR-sized images in memory: share of waiting for the next batch',
    unit: '% of time',
    ours: (100 * waited) / seconds,
  }
}
