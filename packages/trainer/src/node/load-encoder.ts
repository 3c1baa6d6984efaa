/** A trained encoder from a run, a checkpoint or the folder of an encoder. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { decodeSafetensors, loadWeights, type ResNet, weightsUnder } from '@simclr/models'
import { buildNetwork } from '../build-run.ts'
import type { Config } from '../config.ts'
import { checkFeatures } from '../expected-features.ts'
import { type FoundCheckpoint, findCheckpoint, readCheckpoint } from './checkpoint.ts'
import { DESCRIPTION, readEncoderFolder } from './encoder-folder.ts'

export interface LoadedEncoder {
  /** Maps images `[n, h, w, 3]` to features `[n, featureWidth]`. The caller disposes it. */
  readonly encoder: ResNet
  /** Folder of the checkpoint, or of the encoder. */
  readonly path: string
  /** Height and width in pixels of the images that it was trained on, if known. */
  readonly imageSize: number | undefined
  /** The run that trained it; undefined for imported weights. */
  readonly run: { readonly config: Config /** Updates made. */; readonly step: number } | undefined
}

/**
 * Loads the encoder of a run folder (its newest whole checkpoint), of one checkpoint folder, or of a folder that
 * `simclr import` wrote. Checks the checksums of the files, the architecture, and the features of a generated image.
 *
 * @param warn Receives one line for each damaged checkpoint that was passed over; default: console.warn.
 * @throws SimclrError if there is no encoder, none is whole, or it does not give the features stored beside it.
 *
 * @example
 * const { encoder } = await loadEncoder('runs/tiny')
 * const features = encoder.apply(images, { training: false })
 */
export async function loadEncoder(
  path: string,
  { warn = console.warn }: { warn?: (line: string) => void } = {},
): Promise<LoadedEncoder> {
  if (await exists(join(path, DESCRIPTION))) {
    const { encoder, description } = await readEncoderFolder(path)
    return { encoder, path, imageSize: description.imageSize, run: undefined }
  }
  const found = await findEncoder(path, warn)
  const { config, step, expected } = found.state
  const encoder = untrainedEncoder(config)
  try {
    loadWeights(encoder, weightsUnder('encoder', decodeSafetensors(found.model)))
    await checkFeatures(found.path, encoder, expected)
  } catch (error) {
    encoder.dispose()
    throw error
  }
  return { encoder, path: found.path, imageSize: config.imageSize, run: { config, step } }
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
    expected: 'the folder of a run, a checkpoint or an encoder',
    received: `${path}, which holds none`,
    remedy:
      'Pass the folder given to --out, or one of its checkpoints/step-… folders; bring other weights in with: simclr import.',
  })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
