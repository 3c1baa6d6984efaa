/** `simclr transfer` as a user types it, on small copies of datasets in their authors' layouts. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCli, writeTransferMiniatures } from '@simclr/tools/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'simclr-transfer-command-'))
const [data, run, out] = ['data', 'run', 'out'].map((name) => join(folder, name)) as [string, string, string]
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  await writeTransferMiniatures(data)
  const size = ['--width', '0.125', '--batch-size', '16', '--epochs', '1', '--threads', '1']
  await succeed(
    'pretrain',
    '--preset',
    'tiny',
    '--data',
    'synthetic:32',
    '--knn-every',
    '0',
    ...size,
    '--out',
    run,
  )
})

async function succeed(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runCli(args)
  expect(stderr).not.toMatch(/error/)
  expect(status).toBe(0)
  return stdout
}

async function refuse(...args: string[]): Promise<string> {
  const { status, stderr } = await runCli(args)
  expect(stderr).not.toMatch(/\n {4}at /) // no stack trace
  expect(status).toBe(1)
  return stderr
}

const quick = ['--grid', 'small', '--steps', '2', '--batch-size', '8', '--image-size', '16', '--threads', '1']
const where = ['--data-dir', data, '--allow-partial', '--out', out, ...quick]
const parse = (): Record<string, unknown> => JSON.parse(readFileSync(join(out, 'transfer.json'), 'utf8'))

describe('simclr transfer', () => {
  const linear = [
    'transfer',
    run,
    `again=${run}`,
    '--datasets',
    'dtd,voc2007',
    '--datasets',
    `mine=dtd:${data}`,
  ]

  it('writes the table, the numbers and the page', async () => {
    const output = await succeed(...linear, ...where)
    expect(output).toMatch(/dtd {2}linear {2}run: [\d.]+ % {2}\(1 of 6 results\)/)
    expect(output).toContain(readFileSync(join(out, 'transfer.md'), 'utf8'))
    expect(output).toMatch(
      /\| weights \| Describable Textures Dataset<br>top-1 accuracy \| Pascal VOC 2007<br>11-point mAP \| mine/,
    )
    expect(output).toContain('| *the paper: SimCLR ResNet-50* | *74.5* | *80.5* | – |')
    // Equal weights differ on no image.
    expect(output).toMatch(/\| mine \| run against again \| 1\.0 \|/)
    expect(readFileSync(join(out, 'transfer.html'), 'utf8')).toContain('<h2>Linear evaluation</h2>')
    expect(parse()).toMatchObject({
      grid: 'small',
      steps: 2,
      imageSize: 16,
      seed: 0,
      weights: { run: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
  })

  it('finds what is finished, and adds other protocols', async () => {
    const protocols = ['--protocol', 'linear,finetune', '--protocol', 'random-init']
    const output = await succeed(...linear.slice(0, 2), '--datasets', 'dtd', ...protocols, ...where)
    expect(output).toMatch(/dtd {2}linear {2}run: [\d.]+ % {2}\(1 of 3 results, found in the folder\)/)
    expect(output).toMatch(/dtd {2}random-init {2}random init ResNet-18 .*: run 6 of 6, [\d.]+ % on/)
    const cells = parse().cells as { group: string; weights: string; score: number; settings: object }[]
    expect(cells.map(({ group }) => group)).toEqual(['linear', 'fine-tuned', 'fine-tuned'])
    expect(cells[1]!.settings).toHaveProperty('learningRate')
    expect(readFileSync(join(out, 'transfer.md'), 'utf8')).toContain('## Fine-tuned')
  })
})

describe('simclr transfer refuses before anything runs', () => {
  it('datasets that are not there: all of them, with their layouts', async () => {
    const elsewhere = join(folder, 'elsewhere')
    const error = await refuse(
      'transfer',
      run,
      '--data-dir',
      elsewhere,
      '--datasets',
      'dtd,flowers102',
      '--out',
      join(folder, 'no'),
    )
    expect(error).toContain('2 of 2 that cannot')
    expect(error).toContain(`what must lie in ${elsewhere}:`)
    expect(error).toContain('dtd/labels/train1.txt')
    expect(error).toContain('flowers-102/setid.mat')
    expect(existsSync(join(folder, 'no'))).toBe(false)
  })

  it('incomplete copies, unless they are allowed', async () => {
    const error = await refuse('transfer', run, '--data-dir', data, '--datasets', 'dtd', '--out', out)
    expect(error).toMatch(/must be 47 classes, 1880 train images.*got 2 classes, 6 train images/)
  })

  it.each([
    [['--datasets', 'food102'], 'Did you mean "food101"?'],
    [['--datasets', 'dtd'], '--data-dir: must be given, or a place for the dataset as dtd=SPEC'],
    [
      ['--datasets', 'a=synthetic:90', '--protocol', 'linear,knn'],
      '--protocol: must be some of linear, finetune',
    ],
    [['--datasets', 'a=synthetic:90,a=synthetic:90'], '"a" twice'],
  ])('%j', async (flags, message) => {
    expect(await refuse('transfer', run, ...flags, '--out', join(folder, 'no'))).toContain(message)
  })
})
