/** What every command that evaluates an encoder shares: the encoder, the dataset, and where the result goes. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Dataset, sampleImages } from '@simclr/data'
import {
  type LoadedEncoder,
  loadEncoder,
  openConfiguredDataset,
  untrainedEncoder,
} from '@simclr/trainer/node'
import type { Command } from 'commander'
import writeFileAtomic from 'write-file-atomic'
import { addDatasetFlags, type DatasetFlags, withDatasetFlags } from './dataset-flags.ts'
import { addEngineFlags, type EngineFlags, startEngine } from './engine-flags.ts'
import { percent } from './progress.ts'
import { parseNumber } from './schema-flags.ts'

export interface EvaluationFlags extends EngineFlags, DatasetFlags {
  trainImages?: number
  untrained?: boolean
}

/** Adds RUN, the dataset flags, `--train-images`, `--untrained` and the engine flags. */
export function addEvaluationFlags(command: Command): Command {
  command.argument('<run>', 'folder of a run, or of one of its checkpoints')
  addDatasetFlags(command)
    .option('--train-images <number>', 'use a random sample of so many training images', (text) =>
      parseNumber('--train-images', text),
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
export interface EvaluationTask extends LoadedEncoder {
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
  const encoder = flags.untrained === true ? untrainedEncoder(loaded.config) : loaded.encoder
  const source = withDatasetFlags(loaded.config, flags)
  const dataset = await openConfiguredDataset(source)
  try {
    const train = sampleImages(dataset, flags.trainImages)
    const outcome = await evaluate({ ...loaded, encoder, train, test: dataset.split('test') })
    const step = flags.untrained === true ? 0 : loaded.step
    const result: EvaluationResult = {
      protocol,
      data: source.data,
      step,
      ...outcome,
      engine,
      created: new Date().toISOString(),
    }
    const name = flags.untrained === true ? `${protocol}-untrained` : protocol
    await storeResult(run, name, result)
    console.log(`${name}: accuracy ${percent(result.accuracy)} on ${source.data} (step ${step})`)
  } finally {
    await dataset.close()
  }
}

async function storeResult(run: string, name: string, result: EvaluationResult): Promise<void> {
  const folder = join(run, 'evaluations')
  await mkdir(folder, { recursive: true })
  await writeFileAtomic(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
}
