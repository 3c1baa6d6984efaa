/** A trained encoder from a run or a checkpoint. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { decodeSafetensors, loadWeights, type ResNet, weightsUnder } from '@simclr/models'
import { buildNetwork } from '../build-run.ts'
import type { Config } from '../config.ts'
import { type FoundCheckpoint, findCheckpoint, readCheckpoint } from './checkpoint.ts'

export interface LoadedEncoder {
  /** Maps images `[n, h, w, 3]` to features `[n, featureWidth]`. The caller disposes it. */
  readonly encoder: ResNet
  readonly config: Config
  /** Updates that the encoder was trained for. */
  readonly step: number
  /** Folder of the checkpoint. */
  readonly path: string
}

/**
 * Loads the encoder of a run folder (its newest whole checkpoint) or of one checkpoint folder.
 *
 * @param warn Receives one line for each damaged checkpoint that was passed over; default: console.warn.
 * @throws SimclrError if there is no checkpoint, or none is whole.
 *
 * @example
 * const { encoder, config } = await loadEncoder('runs/tiny')
 * const features = encoder.apply(images, { training: false })
 */
export async function loadEncoder(
  path: string,
  { warn = console.warn }: { warn?: (line: string) => void } = {},
): Promise<LoadedEncoder> {
  const found = await findEncoder(path, warn)
  const { config, step } = found.state
  const encoder = untrainedEncoder(config)
  try {
    loadWeights(encoder, weightsUnder('encoder', decodeSafetensors(found.model)))
  } catch (error) {
    encoder.dispose()
    throw error
  }
  return { encoder, config, step, path: found.path }
}

/** The encoder as it was before training: same configuration, same seed. The caller disposes it. */
export function untrainedEncoder(config: Config): ResNet {
  const network = buildNetwork(config)
  network.projection.dispose()
  return network.encoder
}

async function findEncoder(path: string, warn: (line: string) => void): Promise<FoundCheckpoint> {
  if (await exists(join(path, 'state.json'))) return readCheckpoint(path)
  const found = await findCheckpoint(path, warn)
  if (found !== undefined) return found
  throw new SimclrError({
    parameter: 'loadEncoder',
    expected: 'a run folder or a checkpoint folder',
    received: `${path}, which holds no checkpoint`,
    remedy: 'Pass the folder given to --out, or one of its checkpoints/step-… folders.',
  })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
