/** The commands one after the other, as a user types them, on a folder of image files and on synthetic images. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { synthetic } from '@simclr/data'
import { runCli } from '@simclr/tools/testing'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'simclr-commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const small = [
  '--preset',
  'tiny',
  '--width',
  '0.125',
  '--batch-size',
  '16',
  '--epochs',
  '1',
  '--threads',
  '1',
]
const parse = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8'))

async function succeed(...args: string[]): Promise<string> {
  const { status, stdout, complaints } = await runCli(args)
  expect(complaints).toBe('')
  expect(status).toBe(0)
  return stdout
}

/** PNG files `PATH/<class>/<number>.png` of generated images of 48 px. */
async function writeImages(path: string, count: number): Promise<void> {
  const dataset = synthetic({ count, testCount: 1, size: 48 })
  for await (const { images, labels, indices } of dataset.batches({ batchSize: 1 })) {
    const className = dataset.classes[labels![0]!]!
    mkdirSync(join(path, className), { recursive: true })
    await sharp(images, { raw: { width: 48, height: 48, channels: 3 } })
      .png()
      .toFile(join(path, className, `${indices[0]}.png`))
  }
}

describe('on synthetic images', () => {
  const run = join(folder, 'synthetic')

  it('pretrain prints progress and the gain in kNN accuracy', async () => {
    const output = await succeed('pretrain', ...small, '--data', 'synthetic:64', '--out', run)
    expect(output).toMatch(/engine: (libtorch|wasm) /)
    expect(output).toMatch(/step 4\/4 {2}loss \d\.\d{3} {2}contrastive accuracy .* views\/s/)
    expect(output).toMatch(/kNN accuracy [\d.]+ % untrained, [\d.]+ % trained/)
  })

  it('fine-tune starts from a layer of the projection head, of which tiny runs have two', async () => {
    const flags = ['--epochs', '1', '--batch-size', '32', '--threads', '1']
    for (const layers of [0, 1]) {
      const output = await succeed('fine-tune', run, '--from-layer', String(layers), ...flags)
      const { accuracy, fromLayer } = parse(join(run, 'evaluations/fine-tune.json'))
      expect(fromLayer).toBe(layers)
      expect(output).toContain(`fine-tune: accuracy ${(100 * (accuracy as number)).toFixed(1)} %`)
    }
    const { status, complaints } = await runCli(['fine-tune', run, '--from-layer', '3', ...flags])
    expect(status).not.toBe(0)
    expect(complaints).toMatch(/MlpHead: layers: must be a number between 0 and 2, got 3/)
  })

  it('knn and linear-eval store what they print', async () => {
    expect(await succeed('knn', run, '--k', '5', '--untrained')).toMatch(/knn-untrained: accuracy .*step 0/)
    expect(parse(join(run, 'evaluations/knn-untrained.json'))).toMatchObject({
      protocol: 'knn',
      step: 0,
      k: 5,
    })
    for (const method of [['logistic'], ['sgd', '--epochs', '2'], ['sgd', '--epochs', '2', '--no-augment']]) {
      const output = await succeed('linear-eval', run, '--method', ...method)
      const { accuracy, step } = parse(join(run, 'evaluations/linear-eval.json'))
      expect(step).toBe(4)
      expect(output).toContain(`linear-eval: accuracy ${(100 * (accuracy as number)).toFixed(1)} %`)
    }
  })

  it('export writes every format, import finds out what a file holds', async () => {
    const out = (name: string): string => join(folder, name)
    for (const format of ['safetensors', 'onnx', 'numpy']) {
      expect(await succeed('export', run, '--to', format, '--out', out(format))).toContain(out(format))
      expect(statSync(out(format)).size).toBeGreaterThan(4 * 170_000) // that many parameters
    }
    await succeed('export', run, '--to', 'tfjs', '--out', out('tfjs'))
    expect(readdirSync(out('tfjs'))).toContain('model.json')
    const refused = await runCli(['export', run, '--to', 'torchvision', '--out', out('torchvision')])
    expect(refused.status).toBe(1)
    expect(refused.complaints).toContain("style 'torchvision'")
    expect(existsSync(out('torchvision'))).toBe(false)

    const imported = out('imported')
    const told = await succeed('import', out('safetensors'), '--out', imported, '--image-size', '32')
    expect(told).toContain('simclr: ResNet-18, width 0.125, cifar stem, official style')
    const knn = ['--data', 'synthetic:64', '--k', '5']
    await succeed('knn', run, ...knn)
    expect(await succeed('knn', imported, ...knn)).toContain('(imported weights)')
    const { accuracy } = parse(join(run, 'evaluations/knn.json'))
    expect(parse(join(imported, 'evaluations/knn.json'))).toMatchObject({ accuracy })
    const without = await runCli(['knn', imported])
    expect(without.complaints).toContain('--data: must be given')
  })

  it('report is one self-contained file', async () => {
    await succeed('report', run)
    const html = readFileSync(join(run, 'report.html'), 'utf8')
    expect(html).toContain('SimCLR on synthetic')
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/)
  })
})

describe('on a folder of image files', () => {
  const images = join(folder, 'images')
  const run = join(folder, 'files')

  it('pretrains from crops that the decoder cuts, evaluates and reports', async () => {
    await writeImages(join(images, 'train'), 45)
    await writeImages(join(images, 'test'), 18)
    const output = await succeed('pretrain', ...small, '--data', `folder:${images}`, '--out', run)
    expect(output).toMatch(/kNN accuracy [\d.]+ % untrained/)
    await succeed('knn', run, '--k', '5')
    await succeed('report', run)
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('striped ring')
  })

  it('pretrains without labels, and says that there is no kNN then', async () => {
    const flat = join(images, 'train', 'striped ring')
    const out = join(folder, 'unlabelled')
    const settings = [...small, '--batch-size', '2', '--data', `folder:${flat}`, '--out', out]
    expect(await succeed('pretrain', ...settings)).toContain('No online kNN: the images have no labels.')
    await succeed('report', out)
  })
})

describe('engine', () => {
  it('list and doctor name every engine and what would be used', async () => {
    const list = await succeed('engine', 'list')
    for (const name of ['libtorch', 'wasm', 'cpu']) expect(list).toContain(name)
    expect(await succeed('engine', 'doctor')).toMatch(/node +v\d+/)
  })

  it('wasm is used without libtorch, and says that it is slow and how to get the fast one', async () => {
    const empty = { SIMCLR_HOME: join(folder, 'nothing'), SIMCLR_LIBTORCH: '', PATH: '' }
    const out = join(folder, 'wasm')
    const flags = [...small, '--data', 'synthetic:32', '--width', '0.0625', '--knn-every', '0', '--out', out]
    const { status, stdout, stderr } = await runCli(['pretrain', ...flags], { env: empty })
    expect(stderr).toMatch(/wasm, which is slow.*simclr engine install libtorch/s)
    expect(stdout).toMatch(/engine: wasm/)
    expect(status).toBe(0)
  })
})
