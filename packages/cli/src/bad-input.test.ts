/** What bad input gets: one clear message, a non-zero exit, nothing half-written. */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CliResult, runCli } from '@simclr/tools/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'simclr-bad-input-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const small = [
  ...[
    '--preset',
    'tiny',
    '--data',
    'synthetic:64',
    '--width',
    '0.125',
    '--batch-size',
    '16',
    '--epochs',
    '1',
  ],
  ...['--knn-every', '0', '--threads', '1', '--checkpoint-every', '2', '--keep-checkpoints', '5'],
]
const pretrain = (out: string, ...flags: string[]): Promise<CliResult> =>
  runCli(['pretrain', ...small, '--out', out, ...flags])

function expectRefusal({ status, stderr }: CliResult, message: RegExp): void {
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/\n {4}at /) // no stack trace
  expect(status).toBeGreaterThan(0)
}

describe('settings', () => {
  it.each([
    ['an unknown flag', ['--temprature', '0.1'], /unknown option '--temprature'[\s\S]*--temperature/],
    [
      'an unknown preset',
      ['--preset', 'cifar'],
      /preset: must be one of .*got "cifar".*Did you mean "cifar10"/,
    ],
    ['a batch of one', ['--batch-size', '1'], /batchSize: must be at least 2 images.*got 1/],
    ['a temperature of 0', ['--temperature', '0'], /temperature: must be .*0.*got 0/],
    ['a word for a number', ['--epochs', 'ten'], /--epochs: must be a number, got "ten"/],
    [
      'a batch larger than the dataset',
      ['--batch-size', '65'],
      /batchSize: must be at most the 64 training images/,
    ],
    [
      'views larger than the images',
      ['--image-size', '224'],
      /imageSize: must be at most the 32 × 32 pixels/,
    ],
    ['an unknown engine', ['--engine', 'libtorhc'], /"libtorhc".*Did you mean "libtorch"/],
  ])('%s', async (_, flags, message) => {
    const out = join(folder, 'settings')
    expectRefusal(await pretrain(out, ...flags), message)
    expect(existsSync(out)).toBe(false)
  })

  it('no --out', async () => {
    expectRefusal(await runCli(['pretrain']), /required option '--out <folder>'/)
  })

  it('an unknown command', async () => {
    expectRefusal(await runCli(['pretrian']), /unknown command 'pretrian'[\s\S]*pretrain/)
  })
})

describe('datasets', () => {
  const place = (name: string, files: Record<string, string | Uint8Array>): string => {
    const path = join(folder, name)
    mkdirSync(path, { recursive: true })
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(join(path, file, '..'), { recursive: true })
      writeFileSync(join(path, file), content)
    }
    return path
  }

  it.each([
    ['a missing CIFAR-10', () => `cifar10:${place('no-cifar', {})}`, /data_batch_1\.bin/],
    [
      'a cut-off CIFAR-10 file',
      () =>
        `cifar10:${place('cut-cifar', { 'cifar-10-batches-bin/data_batch_1.bin': new Uint8Array(1000) })}`,
      /data_batch_1\.bin.*30730000.*1000/,
    ],
    ['a missing folder', () => `folder:${join(folder, 'nowhere')}`, /nowhere/],
    ['a folder without images', () => `folder:${place('empty', { 'a/readme.txt': 'no image' })}`, /image/],
    [
      'an undecodable image',
      () => `folder:${place('broken', { 'a/x.jpg': 'not a jpeg', 'a/y.jpg': 'neither' })}`,
      /broken.a.[xy]\.jpg: must be an image that can be decoded/,
    ],
    ['an unknown kind of dataset', () => 'cifar:x', /got "cifar:x"\. Did you mean "cifar10"/],
  ])('%s', async (_, spec, message) => {
    const flags = ['--data', spec(), '--batch-size', '2', '--image-size', '32']
    expectRefusal(await pretrain(join(folder, 'datasets'), ...flags), message)
  })
})

describe('run folders', () => {
  const good = join(folder, 'good')
  beforeAll(async () => expect((await pretrain(good)).status).toBe(0))
  const copyOfGood = (name: string): string => {
    const copy = join(folder, name)
    cpSync(good, copy, { recursive: true })
    return copy
  }

  it('a folder that already holds a run', async () => {
    expectRefusal(await pretrain(good), /must be empty, got a run\. Continue it with --resume/)
  })

  it('a folder that holds another configuration', async () => {
    const before = readdirSync(join(good, 'checkpoints'))
    expectRefusal(await pretrain(good, '--resume', '--temperature', '0.5'), /temperature: 0\.2, not 0\.5/)
    expect(readdirSync(join(good, 'checkpoints'))).toEqual(before)
  })

  it('a damaged checkpoint: the one before it is used, with a warning', async () => {
    const run = copyOfGood('damaged')
    const newest = readdirSync(join(run, 'checkpoints')).sort().at(-1)!
    truncateSync(join(run, 'checkpoints', newest, 'model.safetensors'), 5000)
    const { status, stdout } = await pretrain(run, '--resume')
    expect(stdout).toMatch(/warning: .*step-00000004.*SHA-256.*The checkpoint before it is used/s)
    expect(status).toBe(0)
  })

  it('only damaged checkpoints', async () => {
    const run = copyOfGood('all-damaged')
    for (const name of readdirSync(join(run, 'checkpoints')))
      rmSync(join(run, 'checkpoints', name, 'state.json'))
    expectRefusal(await runCli(['knn', run]), /at least one whole checkpoint, got \d damaged/)
  })

  it('a folder without a run', async () => {
    expectRefusal(await runCli(['knn', folder]), /must be the folder of a run.*holds none/)
  })

  it('more neighbours than training images', async () => {
    expectRefusal(await runCli(['knn', good, '--k', '65']), /knn: k: must be at most.*64, got 65/)
    expect(existsSync(join(good, 'evaluations'))).toBe(false)
  })

  it('a full disk: the checkpoints written before stay whole', async (context) => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'pipe' })
    } catch (error) {
      console.warn(`skipped: a small disk cannot be mounted here (${String(error).split('\n')[0]})`)
      context.skip()
    }
    try {
      const out = join(disk, 'run')
      expectRefusal(await pretrain(out), /checkpoint .* must be written, got a full disk\. Free some space/)
      const whole = readdirSync(join(out, 'checkpoints'))
      expect(whole.length).toBeGreaterThan(0)
      for (const name of whole) {
        expect(readdirSync(join(out, 'checkpoints', name)).sort()).toEqual([
          'model.safetensors',
          'optimizer.safetensors',
          'state.json',
        ])
      }
    } finally {
      execFileSync('umount', [disk])
    }
  })
})
