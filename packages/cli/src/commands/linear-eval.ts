/** `simclr linear-eval`: how well a linear classifier does on the frozen encoder's features. */
import { linearEvaluation, logisticRegression, type ProbeType } from '@simclr/eval'
import { type Command, Option } from 'commander'
import {
  addEvaluationFlags,
  type EvaluationFlags,
  type EvaluationTask,
  runEvaluation,
} from '../evaluation-flags.ts'
import { addFeatureCacheFlag, type FeatureCacheFlag, featureExtractor } from '../feature-cache-flag.ts'
import { duration } from '../progress.ts'
import { parseNumber } from '../schema-flags.ts'

interface LinearEvalFlags extends EvaluationFlags, FeatureCacheFlag {
  method: 'sgd' | 'logistic'
  probe: ProbeType
  hiddenWidth?: number
  epochs: number
  batchSize: number
  learningRate?: number
  augment: boolean
  regularization: number
}

export function addLinearEval(program: Command): void {
  const command = program
    .command('linear-eval')
    .description('accuracy of a linear classifier on the frozen encoder')
  addFeatureCacheFlag(addEvaluationFlags(command))
    .addOption(
      new Option('--method <name>', 'sgd as in the paper, or logistic regression (L-BFGS) on stored features')
        .choices(['sgd', 'logistic'])
        .default('sgd'),
    )
    .addOption(
      new Option('--probe <type>', 'sgd: one linear layer, or mlp with a hidden layer before it')
        .choices(['linear', 'mlp'])
        .default('linear'),
    )
    .option('--hidden-width <number>', "sgd: of an mlp; default the encoder's", number('--hidden-width'))
    .option('--epochs <number>', 'sgd: passes over the training images', number('--epochs'), 90)
    .option('--batch-size <number>', 'sgd: images per step', number('--batch-size'), 256)
    .option(
      '--learning-rate <number>',
      'sgd: default 0.1 · batch / 256, the rate of the paper',
      number('--learning-rate'),
    )
    .option(
      '--no-augment',
      'sgd: features of whole images, computed once, instead of new crops each epoch; much faster',
    )
    .option(
      '--regularization <number>',
      'logistic: λ of λ/2·ΣW² beside the mean loss',
      number('--regularization'),
      1e-4,
    )
    .action((run: string, flags: LinearEvalFlags) =>
      runEvaluation('linear-eval', run, flags, (task) =>
        flags.method === 'sgd' ? bySgd(task, flags) : byLogisticRegression(task, flags),
      ),
    )
}

const number = (flag: string) => (text: string) => parseNumber(flag, text)

async function bySgd({ encoder, images, seed, train, test }: EvaluationTask, flags: LinearEvalFlags) {
  const { probe, hiddenWidth, epochs, batchSize, learningRate, augment } = flags
  const began = performance.now()
  let printed = began
  const { accuracy, top5, losses } = await linearEvaluation({
    encoder,
    train,
    test,
    probe,
    ...(hiddenWidth === undefined ? {} : { hiddenWidth }),
    extract: featureExtractor(flags),
    epochs,
    batchSize,
    augment,
    seed,
    ...images,
    ...(learningRate === undefined ? {} : { learningRate }),
    onProgress: ({ epoch, loss }) => {
      const now = performance.now()
      if (now - printed < 10_000 && epoch < epochs) return
      printed = now
      const left = ((now - began) / 1000 / epoch) * (epochs - epoch)
      console.log(`epoch ${epoch}/${epochs}  loss ${loss.toFixed(3)}  ${duration(left)} left`)
    },
  })
  return {
    accuracy,
    top5,
    method: 'sgd',
    probe,
    epochs,
    batchSize,
    augment,
    trainImages: train.length,
    finalLoss: losses.at(-1),
  }
}

async function byLogisticRegression(
  { encoder, images, train, test }: EvaluationTask,
  flags: LinearEvalFlags,
) {
  const { regularization } = flags
  const extract = featureExtractor(flags)
  const result = await logisticRegression({
    train: await extract({ encoder, dataset: train, ...images }),
    test: await extract({ encoder, dataset: test, ...images }),
    regularization,
    classes: train.classes.length,
  })
  const { accuracy, top5, iterations, stopped } = result
  return {
    accuracy,
    top5,
    method: 'logistic',
    regularization,
    trainImages: train.length,
    iterations,
    stopped,
  }
}
