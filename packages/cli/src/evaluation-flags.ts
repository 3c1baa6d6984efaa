/** What every command that evaluates an encoder shares: the encoder, the dataset, and where the result goes. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Dataset, sampleImages } from '@simclr/data'
import { ResNet } from '@simclr/models'
import { loadEncoder, openConfiguredDataset, untrainedEncoder } from '@simclr/trainer/node'
import type { Command } from 'commander'
import writeFileAtomic from 'write-file-atomic'
import { addDatasetFlags, type DatasetFlags, withDatasetFlags } from './dataset-flags.ts'
import { addEngineFlags, type EngineFlags, startEngine } from './engine-flags.ts'
import { percent } from './progress.ts'
import { parseNumber } from './schema-flags.ts'

export interface EvaluationFlags extends EngineFlags, DatasetFlags {
  trainImages?: number
  imageSize?: number
  untrained?: boolean
}

/** Adds RUN, the dataset flags, `--train-images`, `--image-size`, `--untrained` and the engine flags. */
export function addEvaluationFlags(command: Command): Command {
  command.argument('<run>', 'folder of a run, of one of its checkpoints, or of imported weights')
  addDatasetFlags(command)
    .option('--train-images <number>', 'use a random sample of so many training images', (text) =>
      parseNumber('--train-images', text),
    )
    .option(
      '--image-size <number>',
      'height and width of the images in pixels (default: as in training)',
      (text) => parseNumber('--image-size', text),
    )
    .option('--untrained', 'evaluate the encoder as it was before training, for comparison')
  return addEngineFlags(command)
}

/** An evaluation's result, as printed and stored. */
export interface EvaluationResult {
  readonly protocol: string
  readonly accuracy: number
  readonly [detail: string]: unknown
}

/** An encoder and what to evaluate it on. */
export interface EvaluationTask {
  readonly encoder: ResNet
  /** Folder of the checkpoint or of the encoder. */
  readonly path: string
  /** Side of the images in pixels; absent where only the dataset can tell. */
  readonly images: { readonly size?: number }
  readonly seed: number
  readonly train: Dataset
  readonly test: Dataset
}

/**
 * Loads what the flags name, evaluates, prints the result and stores it in the run's `evaluations` folder.
 *
 * @param protocol Name of the result file, e.g. `knn`.
 */
export async function runEvaluation(
  protocol: string,
  run: string,
  flags: EvaluationFlags,
  evaluate: (task: EvaluationTask) => Promise<{ accuracy: number; [detail: string]: unknown }>,
): Promise<void> {
  const engine = await startEngine(flags)
  const loaded = await loadEncoder(run)
  const config = loaded.run?.config
  const source = withDatasetFlags(config, flags)
  const untrained = flags.untrained === true
  const encoder = untrained
    ? config
      ? untrainedEncoder(config)
      : new ResNet(loaded.encoder.options)
    : loaded.encoder
  const size = flags.imageSize ?? loaded.imageSize
  const images = size === undefined ? {} : { size }
  const dataset = await openConfiguredDataset(source)
  try {
    const train = sampleImages(dataset, flags.trainImages)
    const test = dataset.split('test')
    const outcome = await evaluate({
      encoder,
      path: loaded.path,
      images,
      seed: config?.seed ?? 0,
      train,
      test,
    })
    const step = untrained ? 0 : loaded.run?.step
    const result: EvaluationResult = {
      protocol,
      data: source.data,
      ...(step === undefined ? {} : { step }),
      ...outcome,
      engine,
      created: new Date().toISOString(),
    }
    const name = untrained ? `${protocol}-untrained` : protocol
    await storeResult(run, name, result)
    const which = step === undefined ? 'imported weights' : `step ${step}`
    console.log(`${name}: accuracy ${percent(result.accuracy)} on ${source.data} (${which})`)
  } finally {
    await dataset.close()
  }
}

async function storeResult(run: string, name: string, result: EvaluationResult): Promise<void> {
  const folder = join(run, 'evaluations')
  await mkdir(folder, { recursive: true })
  await writeFileAtomic(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
}
