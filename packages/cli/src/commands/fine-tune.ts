/** `simclr fine-tune`: how well the whole network does once labels have trained it. */
import { SimclrError } from '@simclr/core'
import { fineTune } from '@simclr/eval'
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
  fromLayer: number
  epochs: number
  batchSize: number
  learningRate?: number
}

export function addFineTune(program: Command): void {
  const command = program
    .command('fine-tune')
    .description(
      'accuracy after training encoder and classifier on labels; the stored weights stay as they are',
    )
  addEvaluationFlags(command)
    .option(
      '--from-layer <number>',
      'keep so many layers of the projection head before the classifier (SimCLRv2: 1); 0 drops it',
      number('--from-layer'),
      0,
    )
    .option('--epochs <number>', 'passes over the training images', number('--epochs'), 60)
    .option('--batch-size <number>', 'images per step', number('--batch-size'), 256)
    .option(
      '--learning-rate <number>',
      'default 0.05 · batch / 256, the rate of the paper',
      number('--learning-rate'),
    )
    .action((run: string, flags: FineTuneFlags) =>
      runEvaluation('fine-tune', run, flags, (task) => evaluate(task, flags)),
    )
}

const number = (flag: string) => (text: string) => parseNumber(flag, text)

async function evaluate(task: EvaluationTask, flags: FineTuneFlags) {
  const { encoder, images, seed, train, test } = task
  const { fromLayer, epochs, batchSize, learningRate } = flags
  if (flags.untrained && fromLayer > 0) {
    throw new SimclrError({
      parameter: '--from-layer',
      expected: '0 with --untrained, whose projection head has learned nothing',
      received: String(fromLayer),
    })
  }
  const head = await classifier(task, fromLayer)
  const began = performance.now()
  try {
    const { accuracy, top5, losses } = await fineTune({
      encoder,
      head,
      train,
      test,
      epochs,
      batchSize,
      seed,
      ...images,
      ...(learningRate === undefined ? {} : { learningRate }),
      onProgress: ({ epoch, loss }) => {
        const left = ((performance.now() - began) / 1000 / epoch) * (epochs - epoch)
        console.log(`epoch ${epoch}/${epochs}  loss ${loss.toFixed(3)}  ${duration(left)} left`)
      },
    })
    const trainImages = train.length
    return { accuracy, top5, fromLayer, epochs, batchSize, trainImages, finalLoss: losses.at(-1) }
  } finally {
    head.dispose()
  }
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
