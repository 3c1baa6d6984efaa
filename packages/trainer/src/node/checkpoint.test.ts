import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { moduleWeights } from '@simclr/models'
import { memory, onesLike, tidy } from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildNetwork, buildOptimizer } from '../build-run.ts'
import { type Config, resolveConfig } from '../config.ts'
import { findPreset } from '../presets.ts'
import { findCheckpoint, restoreCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { loadEncoder } from './load-encoder.ts'

const config: Config = resolveConfig(findPreset('tiny'), { width: 0.125 })
const options = { config, engine: 'test', keep: 2 }
let run: string
let warnings: string[]
const warn = (line: string): number => warnings.push(line)
const create = () => ({ network: buildNetwork(config), optimizer: buildOptimizer(config, () => 0.1) })

function update({ network, optimizer }: ReturnType<typeof create>): void {
  tidy(() => {
    const parameters = network.parameters()
    optimizer.update(
      parameters,
      parameters.map(({ value }) => onesLike(value)),
    )
  })
}

beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'simclr-checkpoint-'))
  warnings = []
})
afterEach(() => rmSync(run, { recursive: true, force: true }))

describe('checkpoints', () => {
  it('restore network and optimizer bit for bit, and leak nothing', async () => {
    const before = memory().numTensors
    const trained = create()
    update(trained)
    update(trained)
    await writeCheckpoint(run, trained.network, trained.optimizer, options)
    update(trained)

    const restored = create()
    restoreCheckpoint((await findCheckpoint(run, warn))!, restored.network, restored.optimizer)
    expect(restored.optimizer.step).toBe(2)
    update(restored)
    expect(await moduleWeights(restored.network)).toEqual(await moduleWeights(trained.network))
    for (const { network, optimizer } of [trained, restored]) {
      network.dispose()
      optimizer.dispose()
    }
    expect(memory().numTensors).toBe(before)
    expect(warnings).toEqual([])
  })

  it('keep the last two, and are found newest first', async () => {
    const trained = create()
    for (let i = 0; i < 4; i++) {
      update(trained)
      await writeCheckpoint(run, trained.network, trained.optimizer, options)
    }
    expect(readdirSync(join(run, 'checkpoints')).sort()).toEqual(['step-00000003', 'step-00000004'])
    expect((await findCheckpoint(run, warn))!.state).toMatchObject({ step: 4, engine: 'test', config })

    truncateSync(join(run, 'checkpoints/step-00000004/optimizer.safetensors'), 100)
    expect((await findCheckpoint(run, warn))!.state.step).toBe(3)
    expect(warnings).toEqual([expect.stringMatching(/step-00000004.optimizer.safetensors.*another SHA-256/)])

    writeFileSync(join(run, 'checkpoints/step-00000003/state.json'), '{"format":1,"config":{}}')
    await expect(findCheckpoint(run, warn)).rejects.toThrow(/at least one whole checkpoint, got 2 damaged/)
  })

  it('remove what a killed process left half-written', async () => {
    mkdirSync(join(run, 'checkpoints/.writing-1-2'), { recursive: true })
    expect(await findCheckpoint(run, warn)).toBeUndefined()
    expect(readdirSync(join(run, 'checkpoints'))).toEqual([])
  })

  it('give back the encoder', async () => {
    const trained = create()
    update(trained)
    const path = await writeCheckpoint(run, trained.network, trained.optimizer, options)
    for (const source of [run, path]) {
      const loaded = await loadEncoder(source)
      expect(await moduleWeights(loaded.encoder)).toEqual(await moduleWeights(trained.network.encoder))
      expect(loaded).toMatchObject({ run: { step: 1, config }, path, imageSize: config.imageSize })
    }
    await expect(loadEncoder(join(run, 'nowhere'))).rejects.toThrow(/nowhere, which holds none/)
  })
})
