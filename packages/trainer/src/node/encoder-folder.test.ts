import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  encodeSafetensors,
  LinearHead,
  moduleWeights,
  ProjectionHead,
  ResNet,
  torchvisionWeights,
} from '@simclr/models'
import { memory } from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeEncoderFolder } from './encoder-folder.ts'
import { importWeights } from './import-weights.ts'
import { loadEncoder } from './load-encoder.ts'
import { loadProjectionHead } from './load-projection-head.ts'

let root: string
let encoder: ResNet
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'simclr-encoder-'))
  encoder = new ResNet({ depth: 18, width: 0.125, seed: 3 })
})
afterEach(() => {
  encoder.dispose()
  rmSync(root, { recursive: true })
})

/** Changes what the folder says about its encoder. */
function redescribe(change: (description: Record<string, unknown>) => Record<string, unknown>): void {
  const file = join(root, 'a/encoder.json')
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))))
}

describe('a folder of an encoder', () => {
  it('gives it back bit for bit, and leaks nothing', async () => {
    const before = memory().numTensors
    await writeEncoderFolder(join(root, 'a'), encoder, { source: 'test', imageSize: 96 })
    const loaded = await loadEncoder(join(root, 'a'))
    expect(loaded).toMatchObject({ path: join(root, 'a'), imageSize: 96, run: undefined })
    expect(loaded.encoder.options).toEqual(encoder.options)
    expect(await moduleWeights(loaded.encoder)).toEqual(await moduleWeights(encoder))
    loaded.encoder.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('keeps the heads of imported weights, and says which it leaves out', async () => {
    const before = memory().numTensors
    const source = new ResNet({ depth: 18, width: 0.125, seed: 3, style: 'torchvision' })
    const fc = new LinearHead({ inputWidth: source.featureWidth, classes: 5, seed: 2 })
    const projection = new ProjectionHead({ inputWidth: source.featureWidth, outputWidth: 8, seed: 2 })
    const stored = await moduleWeights(projection)
    const weights = await torchvisionWeights(source, fc)
    for (const [name, array] of stored) weights.set(`projection.${name}`, array)
    writeFileSync(join(root, 'both.safetensors'), encodeSafetensors(weights))
    const both = await importWeights(join(root, 'both.safetensors'), join(root, 'a'))
    expect(both).toMatchObject({ heads: ['projection', 'classifier'], refused: [] })

    const { encoder: back } = await loadEncoder(join(root, 'a'))
    expect(await moduleWeights(back)).toEqual(await moduleWeights(source))
    const head = await loadProjectionHead(join(root, 'a'))
    expect(await moduleWeights(head)).toEqual(stored)

    weights.delete('projection.layer0.bn.gamma')
    writeFileSync(join(root, 'less.safetensors'), encodeSafetensors(weights))
    const less = await importWeights(join(root, 'less.safetensors'), join(root, 'b'))
    expect(less.heads).toEqual(['classifier'])
    expect(less.refused).toEqual([expect.stringMatching(/missing layer0\.bn\.gamma/)])
    await expect(loadProjectionHead(join(root, 'b'))).rejects.toThrow(
      /importProjectionHead: .*head_contrastive/,
    )
    for (const module of [source, fc, projection, back, head]) module.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('tells damage of either file', async () => {
    await writeEncoderFolder(join(root, 'a'), encoder, { source: 'test' })
    const model = join(root, 'a/model.safetensors')
    const bytes = readFileSync(model)
    bytes[bytes.length - 5]! ^= 1
    writeFileSync(model, bytes)
    await expect(loadEncoder(join(root, 'a'))).rejects.toThrow(/model.safetensors.*another SHA-256/)
    rmSync(model)
    await expect(loadEncoder(join(root, 'a'))).rejects.toThrow(/model.safetensors.*ENOENT/)
    truncateSync(join(root, 'a/encoder.json'), 20)
    await expect(loadEncoder(join(root, 'a'))).rejects.toThrow(/not a description of an encoder/)
  })

  it('notices an architecture that takes the weights but computes other features', async () => {
    const before = memory().numTensors
    const wide = new ResNet({ depth: 50, width: 0.125, seed: 3 })
    await writeEncoderFolder(join(root, 'a'), wide, { source: 'test' })
    wide.dispose()
    redescribe((description) => ({
      ...description,
      architecture: { ...(description.architecture as object), style: 'torchvision' },
    }))
    await expect(loadEncoder(join(root, 'a'))).rejects.toThrow(/features of the generated image/)
    expect(memory().numTensors).toBe(before)
  })

  it('lists what differs where the architecture does not take the weights', async () => {
    await writeEncoderFolder(join(root, 'a'), encoder, { source: 'test' })
    redescribe((description) => ({
      ...description,
      architecture: { ...(description.architecture as object), stem: 'cifar' },
    }))
    await expect(loadEncoder(join(root, 'a'))).rejects.toThrow(
      /stem\.conv1\.kernel is F32 \[7, 7, 3, 8\], not F32 \[3, 3, 3, 8\]/,
    )
  })
})
