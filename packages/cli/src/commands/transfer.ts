/** `simclr transfer`: how useful weights are on other datasets, in the form of the paper's table 8. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { type TransferProtocol, transfer } from '@simclr/eval'
import { cachedFeatures, folderStore } from '@simclr/eval/node'
import { type Command, Option } from 'commander'
import { addEngineFlags, describeEngine, type EngineFlags, startEngine } from '../engine-flags.ts'
import { parseNumber } from '../schema-flags.ts'
import { openTransferDatasets, type TransferDatasetFlags } from '../transfer-datasets.ts'
import { loadTransferWeights } from '../transfer-encoders.ts'
import { writeTransferFiles } from '../transfer-files.ts'
import { transferProgress } from '../transfer-progress.ts'

interface TransferFlags extends EngineFlags, TransferDatasetFlags {
  protocol?: TransferProtocol[]
  grid: 'paper' | 'small'
  steps?: number
  batchSize: number
  imageSize?: number
  seed: number
  allowPartial?: boolean
  skipUndecodable?: boolean
  out: string
}

export function addTransfer(program: Command): void {
  const command = program
    .command('transfer')
    .description('scores on the paper’s twelve datasets or others: linear, fine-tuned, from random weights')
    .argument('<weights...>', 'folders of runs, checkpoints or imported weights, each as PATH or NAME=PATH')
    .requiredOption('--out <dir>', 'results; what an earlier command finished there is not repeated')
    .option('--data-dir <dir>', 'where the datasets lie, each unpacked there or in a folder of its name')
    .option('--datasets <list>', 'all (default), or names and NAME=SPEC with commas between', list)
    .option(
      '--protocol <list>',
      'of linear (default), finetune and random-init, with commas between',
      protocols,
    )
    .addOption(
      new Option('--grid <size>', 'hyper-parameters: 45 λ and 56 runs as in the paper, or 12 and 6')
        .choices(['paper', 'small'])
        .default('paper'),
    )
    .option(
      '--steps <number>',
      'per run of fine-tuning (default: 20000, from random weights 40000)',
      number('--steps'),
    )
    .option(
      '--batch-size <number>',
      'images per step, and per pass for features',
      number('--batch-size'),
      256,
    )
    .option(
      '--image-size <number>',
      'pixels (default: as the weights were trained, else 224)',
      number('--image-size'),
    )
    .option('--seed <number>', 'decides held-out images, training and permutations', number('--seed'), 0)
    .option('--allow-partial', 'use what there is of an incomplete dataset')
    .option('--skip-undecodable', 'leave images out that cannot be decoded, each with a warning')
  addEngineFlags(command).action(run)
}

const number = (flag: string) => (text: string) => parseNumber(flag, text)

/** A list with commas, or one more of a flag that is given again. */
function list(text: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  ]
}

function protocols(text: string, before: readonly TransferProtocol[] = []): TransferProtocol[] {
  const named = list(text).map((name) => {
    const known = PROTOCOLS.find((protocol) => protocol === name)
    if (known !== undefined) return known
    throw new SimclrError({
      parameter: '--protocol',
      expected: `some of ${PROTOCOLS.join(', ')}`,
      received: `"${name}"`,
    })
  })
  return [...before, ...named]
}

const PROTOCOLS: readonly TransferProtocol[] = ['linear', 'finetune', 'random-init']

async function run(weights: string[], flags: TransferFlags): Promise<void> {
  const { grid, steps, batchSize, seed, out, allowPartial = false, skipUndecodable = false } = flags
  const onError = skipUndecodable ? 'skip' : 'throw'
  const datasets = await openTransferDatasets(flags, { allowPartial, onError })
  try {
    const engine = await startEngine(flags)
    const { encoders, imageSize } = await loadTransferWeights(weights)
    const size = flags.imageSize ?? imageSize ?? 224
    await mkdir(out, { recursive: true })
    const common = { grid, batchSize, seed, ...(steps !== undefined && { steps }) }
    const result = await transfer({
      ...common,
      encoders,
      datasets,
      size,
      ...(flags.protocol !== undefined && { protocols: flags.protocol }),
      store: folderStore(join(out, 'runs')),
      features: (options) => cachedFeatures({ ...options, directory: join(out, 'features') }),
      onProgress: transferProgress(console.log),
    })
    const markdown = await writeTransferFiles(out, result, {
      ...common,
      engine: describeEngine(engine),
      imageSize: size,
      weights: Object.fromEntries(encoders.map(({ name, identity }) => [name, identity])),
    })
    console.log(`\n${markdown}\nresults: ${join(out, 'transfer.json')}, transfer.md and transfer.html`)
  } finally {
    await Promise.all(datasets.map(({ dataset }) => dataset.close()))
  }
}
