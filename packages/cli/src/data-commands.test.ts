/** `simclr data`, and datasets that are incomplete or damaged in every command that reads one. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { datasets } from '@simclr/data/node'
import { type CliResult, runCli } from '@simclr/tools/testing'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'simclr-data-commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A copy of Food-101 that lacks most of its images; one of those that are there is no image. */
const food = join(folder, 'food-101')
const classes = ['apple_pie', 'baby_back_ribs']
const damaged = join(food, 'images', 'apple_pie', '3.jpg')
const lost = join(food, 'images', 'baby_back_ribs', '5.jpg')

beforeAll(async () => {
  mkdirSync(join(food, 'meta'), { recursive: true })
  for (const name of classes) mkdirSync(join(food, 'images', name), { recursive: true })
  const ids = classes.flatMap((name) => Array.from({ length: 8 }, (_, i) => `${name}/${i}`))
  const [train, test] = [ids.filter((id) => !id.endsWith('7')), ids.filter((id) => id.endsWith('7'))]
  for (const [i, id] of ids.entries()) {
    const background = { r: 16 * i, g: 255 - 16 * i, b: 128 }
    const image = sharp({ create: { width: 48, height: 40, channels: 3, background } })
    await image.jpeg().toFile(join(food, 'images', `${id}.jpg`))
  }
  writeFileSync(damaged, 'no image')
  rmSync(lost)
  for (const [name, lines] of Object.entries({ classes, train, test })) {
    writeFileSync(join(food, 'meta', `${name}.txt`), `${lines.join('\n')}\n`)
  }
})

const spec = `food101:${food}`
const settings = [
  ...['--data', spec, '--preset', 'tiny', '--width', '0.125', '--batch-size', '13', '--epochs', '3'],
  ...['--knn-every', '0', '--threads', '1'],
]

async function succeed(...args: string[]): Promise<CliResult> {
  const result = await runCli(args)
  expect(result.stderr).not.toMatch(/error|\(node:/)
  expect(result.status).toBe(0)
  return result
}

async function refuse(message: RegExp, ...args: string[]): Promise<void> {
  const { status, stderr } = await runCli(args)
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/\n {4}at /) // no stack trace
  expect(status).toBe(1)
}

describe('data list and info', () => {
  it('list has a line for every dataset, and info without a name lists them too', async () => {
    const { stdout } = await succeed('data', 'list')
    for (const name of datasets.keys()) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'))
    expect((await succeed('data', 'info')).stdout).toBe(stdout)
  })

  it('info says what to fetch, how to check it, where to unpack it and how to use it', async () => {
    const { stdout } = await succeed('data', 'info', 'food101')
    for (const text of [
      'Food-101\nhttps://',
      '101 classes; 75,750 train, 25,250 test images',
      'transfer protocol: top-1 accuracy',
      'food-101.tar.gz  5.0 GB (4,996,278,331 bytes)',
      'md5 85eeb15f3717b99a5da872d97d918f87',
      '  food-101/meta/train.txt  lines apple_pie/1005649',
      'The training labels are noisy',
      '--data food101:DIR',
    ]) {
      expect(stdout).toContain(text)
    }
  })

  it('info names the dataset that an unknown name resembles', async () => {
    await refuse(
      /data info: must be one of .*got "food-101"\. Did you mean "food101"\?/,
      'data',
      'info',
      'food-101',
    )
    await refuse(/unknown command 'lst'/, 'data', 'lst')
  })
})

describe('data check', () => {
  it('counts the images of each split and finds them sound', async () => {
    const { stdout } = await succeed('data', 'check', 'synthetic:90')
    expect(stdout).toMatch(/^train: 90 images\ntest: 2,000 images\n9 classes: striped ring, /)
    expect(stdout).toMatch(/64 of 2,090 images read, all sound/)
  })

  it('reports undecodable files by path and fails', async () => {
    for (const flags of [[], ['--all']]) {
      const { status, stdout } = await runCli(['data', 'check', spec, '--allow-partial', ...flags])
      expect(stdout).toMatch(/^train: 13 of the official 75,750 images$/m)
      expect(
        stdout.split('\n').filter((line) => line.startsWith(`cannot be decoded: ${damaged}: `)),
      ).toHaveLength(1)
      expect(stdout).toMatch(/15 of 15 images read, 1 undecodable/)
      expect(status).toBe(1)
    }
  })

  it('goes on after a part of which no image can be decoded', async () => {
    const images = join(folder, 'broken')
    mkdirSync(images)
    for (const name of ['a.jpg', 'b.png']) writeFileSync(join(images, name), 'no image')
    const { status, stdout } = await runCli(['data', 'check', `folder:${images}`])
    expect(stdout).toMatch(
      /a\.jpg: .*\n.*b\.png: .*\ntrain: 2 images\nno classes\n2 of 2 images read, 2 undecodable/,
    )
    expect(status).toBe(1)
  })

  it('refuses what it cannot open', async () => {
    await refuse(/food101.*75750 train images.*14 train images.*--allow-partial/, 'data', 'check', spec)
    await refuse(/dataset: must be .*got "food:x"/, 'data', 'check', 'food:x')
    await refuse(/nowhere/, 'data', 'check', `folder:${join(folder, 'nowhere')}`)
  })
})

describe('data pack', () => {
  const packed = join(folder, 'food.packed')

  it('refuses a damaged image, leaving no file, unless it is skipped; the file is then a dataset', async () => {
    await refuse(/3\.jpg.*image/, 'data', 'pack', spec, packed, '--allow-partial')
    await refuse(/no such file|ENOENT/i, 'data', 'check', `packed:${packed}`)
    const { stdout } = await succeed('data', 'pack', spec, packed, '--allow-partial', '--skip-undecodable')
    expect(stdout).toContain(`use it as packed:${packed}`)
    const check = await succeed('data', 'check', `packed:${packed}`, '--all')
    expect(check.stdout).toMatch(/^train: 12 of the official 75,750 images$/m)
    expect(check.stdout).toMatch(/14 of 14 images read, all sound/)
  })
})

describe('an incomplete and damaged copy', () => {
  const run = join(folder, 'run')
  const tolerant = ['--allow-partial', '--skip-undecodable']

  it('stops a run unless flags allow it', async () => {
    await refuse(
      /To go on with what there is, .*--allow-partial/,
      'pretrain',
      ...settings,
      '--image-size',
      '32',
      '--out',
      run,
    )
    const partial = ['--image-size', '32', '--allow-partial', '--out', join(folder, 'stopped')]
    await refuse(/3\.jpg: must be an image that can be decoded/, 'pretrain', ...settings, ...partial)
  })

  it('is used with both, with one clean line of warning for each', async () => {
    const { stderr } = await succeed('pretrain', ...settings, '--image-size', '32', ...tolerant, '--out', run)
    expect(stderr).toMatch(/^warning: food101: without 1 of 14 train images that are missing, .*5\.jpg$/m)
    expect(stderr.match(/^warning: skipped .*3\.jpg: .*$/gm)).toHaveLength(1)
    expect(JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))).toMatchObject({
      allowPartial: true,
      skipUndecodable: true,
    })
    const steps = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n')
    expect(steps).toHaveLength(3)
    for (const line of steps) expect(JSON.parse(line).waitSeconds).toBeGreaterThan(0)
  })

  it('is what the evaluation of that run uses without being told', async () => {
    await succeed('knn', run, '--k', '3')
    await succeed('linear-eval', run, '--method', 'logistic')
    await succeed('report', run)
    const { accuracy } = JSON.parse(readFileSync(join(run, 'evaluations', 'knn.json'), 'utf8'))
    expect([0, 0.5, 1]).toContain(accuracy)
  })

  it('must be the same when the run is resumed', async () => {
    await succeed('pretrain', '--out', run, '--resume')
    copyFileSync(join(food, 'images', 'baby_back_ribs', '4.jpg'), lost)
    await refuse(
      /run folder .*: must be resumed with the 13 training images that it was begun with, got 14/,
      ...['pretrain', '--out', run, '--resume'],
    )
  })
})
