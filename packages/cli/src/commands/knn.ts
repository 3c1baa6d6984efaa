/** `simclr knn`: classifies test images by their nearest training images. */
import { knn } from '@simclr/eval'
import type { Command } from 'commander'
import { addEvaluationFlags, type EvaluationFlags, runEvaluation } from '../evaluation-flags.ts'
import { addFeatureCacheFlag, type FeatureCacheFlag, featureExtractor } from '../feature-cache-flag.ts'
import { parseNumber } from '../schema-flags.ts'

interface KnnFlags extends EvaluationFlags, FeatureCacheFlag {
  k: number
  temperature: number
}

export function addKnn(program: Command): void {
  const command = program
    .command('knn')
    .description('accuracy of a weighted nearest-neighbour vote on features')
  addFeatureCacheFlag(addEvaluationFlags(command))
    .option('--k <number>', 'neighbours that vote', (text) => parseNumber('--k', text), 200)
    .option(
      '--temperature <number>',
      'a neighbour of cosine s votes with exp(s/temperature)',
      (text) => parseNumber('--temperature', text),
      0.07,
    )
    .action((run: string, flags: KnnFlags) =>
      runEvaluation('knn', run, flags, async ({ encoder, images, train, test }) => {
        const { k, temperature } = flags
        const extract = featureExtractor(flags)
        const result = await knn({
          train: await extract({ encoder, dataset: train, ...images }),
          test: await extract({ encoder, dataset: test, ...images }),
          k,
          temperature,
          classes: train.classes.length,
        })
        return {
          accuracy: result.accuracy,
          k,
          temperature,
          trainImages: train.length,
          testImages: test.length,
        }
      }),
    )
}
