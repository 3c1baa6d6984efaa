/** `simclr fine-tune` on parts of the labels of a folder of image files. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { synthetic } from '@simclr/data'
import { runCli } from '@simclr/tools/testing'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'simclr-fine-tune-'))
const [run, images] = [join(folder, 'run'), join(folder, 'images')]
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SIZE = 16
/** Names of the training images, class by class. */
const names: string[][] = []

beforeAll(async () => {
  const dataset = synthetic({ count: 60, testCount: 20, size: SIZE })
  for (const [split, part] of [
    ['train', dataset],
    ['val', dataset.split('test')],
  ] as const) {
    for await (const batch of part.batches({ batchSize: 1 })) {
      const label = batch.labels![0]!
      const path = join(images, split, dataset.classes[label]!)
      mkdirSync(path, { recursive: true })
      const name = `${split}_${batch.indices[0]}.png`
      if (split === 'train') names[label] = [...(names[label] ?? []), name]
      await sharp(batch.images, { raw: { width: SIZE, height: SIZE, channels: 3 } }).toFile(join(path, name))
    }
  }
  const small = ['--width', '0.125', '--batch-size', '16', '--image-size', String(SIZE), '--epochs', '1']
  const { status, stderr } = await runCli([
    ...['pretrain', '--preset', 'tiny', ...small, '--threads', '1', '--knn-every', '0'],
    ...['--data', `folder:${images}`, '--out', run],
  ])
  expect(stderr).toBe('')
  expect(status).toBe(0)
}, 120_000)

const evaluations = (): string[] => readdirSync(join(run, 'evaluations')).sort()

async function fineTune(
  ...flags: string[]
): Promise<{ stdout: string; stderr: string; status: number | null }> {
  return runCli(['fine-tune', run, '--batch-size', '16', '--threads', '1', ...flags])
}

async function resultOf(name: string, ...flags: string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr, status } = await fineTune(...flags)
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(stdout).toContain(`${name}: accuracy`)
  return JSON.parse(readFileSync(join(run, 'evaluations', `${name}.json`), 'utf8'))
}

describe('simclr fine-tune', () => {
  it('trains on a share of each class, and from scratch on the same', async () => {
    const flags = ['--label-fraction', '0.1', '--seed', '3', '--epochs', '1']
    const trained = await resultOf('fine-tune-10-percent-seed-3', ...flags)
    const share = names.reduce((total, { length }) => total + Math.max(1, Math.round(0.1 * length)), 0)
    expect(trained).toMatchObject({ trainImages: share, epochs: 1, seed: 3, step: 3 })
    const scratch = await resultOf('fine-tune-10-percent-seed-3-untrained', ...flags, '--untrained')
    expect(scratch).toMatchObject({ trainImages: share, step: 0 })
  })

  it('trains on so many of each class, for as many epochs as the paper or for steps', async () => {
    const classes = names.length
    const result = await resultOf('fine-tune-1-per-class', '--per-class', '1', '--weight-decay', '0.001')
    expect(result).toMatchObject({ trainImages: classes, epochs: 30 })
    const counted = await resultOf('fine-tune-2-per-class', '--per-class', '2', '--steps', '3')
    expect(counted).toMatchObject({ trainImages: 2 * classes, steps: 3 })
  })

  it('trains on the images of a list', async () => {
    const list = join(folder, 'some images.txt')
    writeFileSync(list, `${names[0]![0]}\n${names[1]![1]}\n${names[0]![2]}\n`)
    const result = await resultOf('fine-tune-some images', '--image-list', list, '--epochs', '1')
    expect(result).toMatchObject({ trainImages: 3 })
  })

  it.each([
    [
      ['--label-fraction', '0.1', '--per-class', '2'],
      'one of --label-fraction, --per-class and --image-list at most',
    ],
    [['--steps', '2', '--epochs', '2'], 'steps: must be given without epochs, got 2 steps and 2 epochs'],
    [['--label-fraction', '1.5'], 'labelSubset: fraction'],
    [['--per-class', '100'], 'at most the number of images of every class'],
    [['--image-list', 'nowhere.txt'], 'nowhere.txt'],
  ])('refuses %j and stores nothing', async (flags, message) => {
    const before = evaluations()
    const { stderr, status } = await fineTune(...flags)
    expect(status).toBeGreaterThan(0)
    expect(stderr).toContain(message)
    expect(evaluations()).toEqual(before)
  })
})
