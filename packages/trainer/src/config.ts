/** The one schema of a pretraining run: every setting, its default, range and meaning, in one place. */
import { nearestWord, SimclrError } from '@simclr/core'
import { z } from 'zod'
import { augmentationSetting } from './augmentation-setting.ts'

const positive = z.number().positive()
const count = z.number().int().positive()

/**
 * Settings of a run. Defaults are the paper's (section 2.2 and appendix A) unless said otherwise; presets list what differs.
 * Command line flags derive from this schema, with the descriptions as their help.
 */
export const configSchema = z.strictObject({
  data: z
    .string()
    .default('synthetic')
    .describe('dataset: synthetic[:COUNT], folder:DIR, or NAME:DIR with a name of "simclr data list"'),
  allowPartial: z.boolean().default(false).describe('use what there is of an incomplete copy of a dataset'),
  skipUndecodable: z
    .boolean()
    .default(false)
    .describe('leave images out that cannot be decoded, each with a warning, instead of stopping'),
  trainImages: count.optional().describe('train on a random sample of so many images; default: all'),
  imageSize: count.default(224).describe('height and width of a view in pixels'),
  depth: z
    .union([z.literal(18), z.literal(34), z.literal(50), z.literal(101), z.literal(152), z.literal(200)])
    .default(50)
    .describe('layers of the ResNet'),
  width: positive.default(1).describe('width multiplier of the ResNet; fractions make small networks'),
  stem: z
    .enum(['imagenet', 'cifar'])
    .default('imagenet')
    .describe('first layers: cifar keeps 32 px images large'),
  style: z
    .enum(['official', 'torchvision'])
    .default('official')
    .describe("details of the ResNet: the official code's, or torchvision's for weights to use there"),
  selectiveKernelRatio: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('ratio of selective kernels, 0 = none (SimCLRv2: 0.0625)'),
  gradientCheckpointing: z
    .boolean()
    .default(false)
    .describe('compute the inside of residual blocks again in the backward pass: less memory, more time'),
  projectionType: z
    .enum(['mlp', 'linear', 'none'])
    .default('mlp')
    .describe('projection head: nonlinear, one linear layer, or none'),
  projectionLayers: count.default(2).describe('layers of the projection head (official code: 3)'),
  projectionWidth: count.default(128).describe('outputs of the projection head'),
  batchSize: z
    .number()
    .int()
    .min(2, 'at least 2 images: with a single image there is nothing to contrast it with')
    .default(4096)
    .describe('images per step; a step sees two views of each'),
  chunkImages: count
    .optional()
    .describe(
      'images encoded at once: less memory for one more forward pass, with all negatives of the batch; default: all',
    ),
  epochs: count.default(100).describe('passes over the training images'),
  loss: z
    .enum(['nt-xent', 'nt-logistic', 'margin-triplet'])
    .default('nt-xent')
    .describe('contrastive loss (table 4 of the paper)'),
  negatives: z
    .enum(['mean', 'sum', 'semi-hard', 'semi-hard-or-farthest', 'semi-hard-mean'])
    .optional()
    .describe('weights of the negatives; default: all, as their mean in nt-logistic and margin-triplet'),
  temperature: positive.default(0.1).describe('temperature of nt-xent and nt-logistic'),
  margin: z.number().nonnegative().default(0.4).describe('margin of margin-triplet'),
  normalize: z
    .boolean()
    .default(true)
    .describe('whether projections are scaled to length 1 before they are compared'),
  optimizer: z.enum(['lars', 'sgd']).default('lars').describe('optimizer; sgd uses Nesterov momentum'),
  learningRate: positive.default(0.3).describe('base learning rate, scaled by learningRateScaling'),
  learningRateScaling: z
    .enum(['linear', 'sqrt', 'none'])
    .default('linear')
    .describe('peak rate: linear = base·batch/256, sqrt = base·√batch, none = base'),
  warmupEpochs: z
    .number()
    .nonnegative()
    .default(10)
    .describe('epochs of linear warm-up before the cosine decay'),
  weightDecay: z.number().nonnegative().default(1e-6).describe('weight decay of kernels'),
  momentum: z.number().min(0).max(1).default(0.9).describe('momentum of the optimizer'),
  gradientPrecision: z
    .enum(['float32', 'bf16'])
    .default('float32')
    .describe('what gradients travel in between processes; bf16 halves the bytes'),
  augmentation: augmentationSetting.describe(
    'simclr, simclr+rotate (+noise, +sobel: table 3), auto-augment, or transformations of one view as in figure 5: color, color+blur, …',
  ),
  strength: z.number().nonnegative().default(1).describe('strength of the colour distortion'),
  blur: z.boolean().default(true).describe('whether views are blurred with probability 0.5'),
  minimumArea: z
    .number()
    .positive()
    .max(1)
    .default(0.08)
    .describe('smallest share of the image that a crop covers'),
  seed: z.number().int().nonnegative().default(0).describe('seed of every random draw'),
  knnEvery: z.number().nonnegative().default(1).describe('epochs between online kNN evaluations; 0 = never'),
  knnTrainImages: count.default(10000).describe('training images that the online kNN votes with'),
  knnTestImages: count.default(2000).describe('test images of the online kNN'),
  onlineProbe: z
    .boolean()
    .default(false)
    .describe('train a linear classifier on the features beside the encoder, which does not learn from it'),
  checkpointEvery: count.default(200).describe('steps between checkpoints'),
  keepCheckpoints: count.default(2).describe('how many checkpoints are kept'),
})

/** A complete configuration. */
export type Config = z.output<typeof configSchema>

/** What a preset or the command line gives: any subset of the settings. */
export type PartialConfig = z.input<typeof configSchema>

/**
 * Fills in the defaults and checks every value.
 *
 * @param layers Settings in rising priority, e.g. a preset, then a file, then flags; undefined values are ignored.
 * @throws SimclrError for an unknown key (naming the nearest one) or a value out of range.
 */
export function resolveConfig(...layers: readonly PartialConfig[]): Config {
  const given: Record<string, unknown> = {}
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) if (value !== undefined) given[key] = value
  }
  const result = configSchema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  if (issue.code === 'unrecognized_keys') throw unknownKey(issue.keys[0]!)
  const key = String(issue.path[0])
  throw new SimclrError({
    parameter: `config: ${key}`,
    expected: issue.message
      .replace(/^(Invalid input|Too small|Too big|Invalid option): /, '')
      .replace(/^expected /, ''),
    received: JSON.stringify(given[key]),
    remedy: didYouMean(issue) ?? `It is: ${configSchema.shape[key as keyof Config].description}.`,
  })
}

/** For settings of words that {@link augmentationSetting} and its like check: the nearest one. */
function didYouMean(issue: z.core.$ZodIssue): string | undefined {
  const nearest = issue.code === 'custom' ? issue.params?.nearest : undefined
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`
}

function unknownKey(key: string): SimclrError {
  const keys = Object.keys(configSchema.shape)
  const near = nearestWord(key, keys)
  return new SimclrError({
    parameter: 'config',
    expected: 'made of known settings',
    received: `the unknown setting "${key}"`,
    remedy: near === undefined ? `Known are: ${keys.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

/** The first setting in which two configurations differ, as `key: a, not b`; undefined if they agree. */
export function configDifference(stored: Config, wanted: Config): string | undefined {
  for (const key of Object.keys(configSchema.shape) as (keyof Config)[]) {
    if (stored[key] !== wanted[key]) return `${key}: ${stored[key] ?? 'all'}, not ${wanted[key] ?? 'all'}`
  }
  return undefined
}
