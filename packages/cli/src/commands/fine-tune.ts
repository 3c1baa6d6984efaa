/** `simclr fine-tune`: how well the whole network does once labels have trained it. */
import { basename, extname } from 'node:path'
import { SimclrError } from '@simclr/core'
import { type Dataset, labelSubset } from '@simclr/data'
import { readLabelList } from '@simclr/data/node'
import { fineTune, semiSupervisedSettings } from '@simclr/eval'
import { LinearHead, MlpHead } from '@simclr/models'
import { loadProjectionHead } from '@simclr/trainer/node'
import type { Command } from 'commander'
import {
  addEvaluationFlags,
  type EvaluationFlags,
  type EvaluationTask,
  runEvaluation,
} from '../evaluation-flags.ts'
import { duration } from '../progress.ts'
import { parseNumber } from '../schema-flags.ts'

interface FineTuneFlags extends EvaluationFlags {
  labelFraction?: number
  perClass?: number
  imageList?: string
  fromLayer: number
  epochs?: number
  steps?: number
  batchSize: number
  learningRate?: number
  weightDecay?: number
  seed?: number
}

export function addFineTune(program: Command): void {
  const command = program
    .command('fine-tune')
    .description(
      'accuracy after training encoder and classifier on labels; the stored weights stay as they are',
    )
  addEvaluationFlags(command)
    .option(
      '--label-fraction <number>',
      'train on this share of each class, e.g. 0.01 or 0.1 as in the paper',
      number('--label-fraction'),
    )
    .option('--per-class <number>', 'train on so many images of each class', number('--per-class'))
    .option(
      '--image-list <file>',
      "train on the images of a list, one file name a line, e.g. the authors' 1percent.txt for ImageNet",
    )
    .option(
      '--from-layer <number>',
      'keep so many layers of the projection head before the classifier (SimCLRv2: 1); 0 drops it',
      number('--from-layer'),
      0,
    )
    .option(
      '--epochs <number>',
      'passes over the training images (default: as in the paper, 60 for 1 % of the labels, 30 for 10 % or all)',
      number('--epochs'),
    )
    .option('--steps <number>', 'updates, instead of epochs', number('--steps'))
    .option('--batch-size <number>', 'images per step', number('--batch-size'), 256)
    .option(
      '--learning-rate <number>',
      'default 0.05 · batch / 256, the rate of the paper',
      number('--learning-rate'),
    )
    .option('--weight-decay <number>', 'of kernels (default: 0, as in the paper)', number('--weight-decay'))
    .option(
      '--seed <number>',
      "decides which images a share takes, the classifier's start, the order and the crops (default: the run's)",
      number('--seed'),
    )
    .action((run: string, flags: FineTuneFlags) =>
      runEvaluation(resultName(flags), run, flags, (task) => evaluate(task, flags)),
    )
}

const number = (flag: string) => (text: string) => parseNumber(flag, text)

/** Of each part of the labels its own, and of each seed that is asked for. */
function resultName({ labelFraction, perClass, imageList, seed }: FineTuneFlags): string {
  const parts = [
    ...(labelFraction === undefined ? [] : [`${Number((100 * labelFraction).toPrecision(6))}-percent`]),
    ...(perClass === undefined ? [] : [`${perClass}-per-class`]),
    ...(imageList === undefined ? [] : [basename(imageList, extname(imageList))]),
  ]
  if (parts.length > 1) {
    throw new SimclrError({
      parameter: 'fine-tune',
      expected: 'given one of --label-fraction, --per-class and --image-list at most',
      received: parts.join(' and '),
    })
  }
  return ['fine-tune', ...parts, ...(seed === undefined ? [] : [`seed-${seed}`])].join('-')
}

async function evaluate(task: EvaluationTask, flags: FineTuneFlags) {
  const { encoder, images, test } = task
  const { fromLayer, batchSize, steps, learningRate, weightDecay, seed = task.seed } = flags
  if (flags.untrained && fromLayer > 0) {
    throw new SimclrError({
      parameter: '--from-layer',
      expected: '0 with --untrained, whose projection head has learned nothing',
      received: String(fromLayer),
    })
  }
  const train = await labelledImages(task.train, flags, seed)
  const { epochs } = { ...semiSupervisedSettings(train.length / task.train.length), ...flags }
  const head = await classifier({ ...task, seed }, fromLayer)
  const began = performance.now()
  try {
    const { metric, score, top5, losses } = await fineTune({
      encoder,
      head,
      train,
      test,
      batchSize,
      seed,
      ...images,
      ...(steps === undefined ? { epochs } : { steps, ...(flags.epochs !== undefined && { epochs }) }),
      ...(learningRate === undefined ? {} : { learningRate }),
      ...(weightDecay === undefined ? {} : { weightDecay }),
      onProgress: ({ epoch, epochs: all, loss }) => {
        const left = ((performance.now() - began) / 1000 / epoch) * (all - epoch)
        console.log(`epoch ${epoch}/${all}  loss ${loss.toFixed(3)}  ${duration(left)} left`)
      },
    })
    return {
      accuracy: score,
      ...(metric === 'top-1 accuracy' ? { top5 } : { metric }),
      fromLayer,
      epochs: losses.length,
      ...(steps === undefined ? {} : { steps }),
      batchSize,
      seed,
      trainImages: train.length,
      finalLoss: losses.at(-1),
    }
  } finally {
    head.dispose()
  }
}

/** The part of the training images that the flags choose, else all. */
async function labelledImages(
  dataset: Dataset,
  { labelFraction, perClass, imageList }: FineTuneFlags,
  seed: number,
): Promise<Dataset> {
  if (imageList !== undefined) return dataset.subset(await readLabelList(imageList, dataset))
  if (labelFraction === undefined && perClass === undefined) return dataset
  if (dataset.labels === undefined) {
    throw new SimclrError({
      parameter: labelFraction === undefined ? '--per-class' : '--label-fraction',
      expected: 'for a dataset with one class for each image',
      received: dataset.name,
      remedy: 'Give an --image-list or --train-images instead.',
    })
  }
  const part = labelFraction === undefined ? { perClass: perClass! } : { fraction: labelFraction }
  return dataset.subset(labelSubset(dataset.labels, { ...part, seed }))
}

async function classifier({ encoder, path, seed, train }: EvaluationTask, layers: number) {
  const classes = train.classes.length
  if (layers === 0) return new LinearHead({ inputWidth: encoder.featureWidth, classes, seed })
  const projection = await loadProjectionHead(path)
  try {
    return new MlpHead({ projection, layers, classes, seed })
  } catch (error) {
    projection.dispose()
    throw error
  }
}
