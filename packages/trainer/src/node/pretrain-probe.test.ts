import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RandomKey } from '@simclr/core'
import { type MemorySplit, memoryDataset } from '@simclr/data'
import { memory } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PartialConfig } from '../config.ts'
import { findPreset } from '../presets.ts'
import type { MetricsEvent } from './metrics-log.ts'
import { type PretrainOptions, pretrain } from './pretrain.ts'

const folder = mkdtempSync(join(tmpdir(), 'simclr-probe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const settings: PartialConfig = {
  ...findPreset('tiny'),
  ...{ width: 0.125, imageSize: 16, batchSize: 32, epochs: 10, minimumArea: 0.5 },
  ...{ onlineProbe: true, knnEvery: 5, checkpointEvery: 7 },
}

/** Lying stripes, standing stripes and a chessboard, each under its own noise. */
function patterns(count: number, seed: number): MemorySplit {
  const key = RandomKey.fromSeed(seed)
  const images = Uint8Array.from({ length: count * 16 * 16 * 3 }, (_, i) => {
    const [image, y, x] = [Math.floor(i / 768), Math.floor(i / 48) % 16, Math.floor(i / 3) % 16]
    const cells = [Math.floor(y / 2), Math.floor(x / 2), Math.floor(y / 4) + Math.floor(x / 4)]
    return (cells[image % 3]! % 2 === 0 ? 170 : 40) + 40 * key.uniform(i)
  })
  return { images, labels: Int32Array.from({ length: count }, (_, image) => image % 3) }
}
const imageSize = { height: 16, width: 16 }
const dataset = memoryDataset({
  ...{ name: 'patterns', imageSize, classes: ['lying', 'standing', 'chessboard'] },
  ...{ train: patterns(128, 1), test: patterns(45, 2) },
})

const run = async (name: string, more: PartialConfig = {}, options: Partial<PretrainOptions> = {}) => {
  const events: MetricsEvent[] = []
  const result = await pretrain(
    { ...settings, ...more },
    { out: join(folder, name), dataset, onEvent: (event) => events.push(event), ...options },
  )
  return { ...result, events }
}
/** Bytes of a file of the newest checkpoint. */
const saved = (name: string, file: string): Buffer => {
  const checkpoints = join(folder, name, 'checkpoints')
  return readFileSync(join(checkpoints, readdirSync(checkpoints).sort().at(-1)!, file))
}

describe('pretrain with an online probe', () => {
  let whole: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    whole = await run('whole')
  })

  it('trains encoder, projection head and their optimizer to the same bits as without', async () => {
    const { events } = await run('without', { onlineProbe: false })
    for (const file of ['model.safetensors', 'optimizer.safetensors']) {
      expect(saved('without', file).equals(saved('whole', file))).toBe(true)
    }
    expect(events.some((event) => 'probeAccuracy' in event)).toBe(false)
    expect(() => saved('without', 'probe.safetensors')).toThrow(/ENOENT/)
  })

  it('logs accuracy and loss of every step, and accuracy on test images', () => {
    const steps = whole.events.filter(({ event }) => event === 'step')
    expect(steps).toHaveLength(40)
    for (const step of steps) {
      expect(step).toMatchObject({ probeLoss: expect.any(Number), probeAccuracy: expect.any(Number) })
    }
    expect(whole.knn.map(({ step }) => step)).toEqual([0, 20, 40])
    expect(whole.knn.at(-1)!.probeAccuracy).toBeGreaterThan(0.7)
    const logged = readFileSync(join(folder, 'whole', 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
    expect(logged.map((line) => JSON.parse(line))).toEqual(whole.events)
  })

  it('learns: its accuracy rises', () => {
    const accuracies = whole.events.flatMap((event) => (event.event === 'step' ? [event.probeAccuracy!] : []))
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value) / values.length
    expect(mean(accuracies.slice(-8))).toBeGreaterThan(mean(accuracies.slice(0, 4)) + 0.25)
  })

  it('stopped and resumed, ends with the same bits', async () => {
    const before = memory().numTensors
    const controller = new AbortController()
    const stopped = await run(
      'resumed',
      {},
      {
        signal: controller.signal,
        onEvent: (event) => event.step === 9 && controller.abort(),
      },
    )
    expect(stopped.interrupted).toBe(true)
    await run('resumed', {}, { resume: true })
    for (const file of ['model.safetensors', 'optimizer.safetensors', 'probe.safetensors']) {
      expect(saved('resumed', file).equals(saved('whole', file))).toBe(true)
    }
    expect(memory().numTensors).toBe(before)
  })

  it('refuses to resume a run with the other setting', async () => {
    await expect(run('whole', { onlineProbe: false }, { resume: true })).rejects.toThrow(
      /a run with onlineProbe: true, not false/,
    )
    await run('plain', { onlineProbe: false, epochs: 1 })
    await expect(run('plain', { epochs: 1 }, { resume: true })).rejects.toThrow(
      /onlineProbe: false, not true/,
    )
  })

  it('refuses images without labels before anything is written', async () => {
    const images = new Uint8Array(32 * 16 * 16 * 3)
    const unlabelled = memoryDataset({
      name: 'none',
      imageSize: { height: 16, width: 16 },
      train: { images },
    })
    await expect(run('unlabelled', {}, { dataset: unlabelled })).rejects.toThrow(
      /config: onlineProbe: must be off for images without a single class each.*Leave --online-probe out/,
    )
    expect(readdirSync(folder)).not.toContain('unlabelled')
  })
})
