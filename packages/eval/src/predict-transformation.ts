/** Which transformation an image went through, told from its representation (SimCLR section 4.2, table 3). */
import { checkInteger, type Module, RandomKey } from '@simclr/core'
import { type Dataset, imageTensor } from '@simclr/data'
import { warmupCosine } from '@simclr/optimizers'
import { dispose, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { checkExtraction } from './check-extraction.ts'
import type { Encoder } from './extract-features.ts'
import { storedFeatures } from './feature-batches.ts'
import { checkFeatures, type LabelledFeatures } from './features.ts'
import { probeHead } from './probe-head.ts'
import { trainProbe } from './train-probe.ts'
import type { TransformationTask } from './transformation-tasks.ts'

export interface PredictTransformationOptions {
  /** Gives h; used in inference mode, and left as it is. */
  readonly encoder: Encoder
  /** Gives g(h); likewise. */
  readonly projection: Module<Tensor2D, Tensor2D>
  /** One of {@link transformationTasks}, or another. */
  readonly task: TransformationTask
  /** Its labels are not used, and neither are those of `test`. */
  readonly train: Dataset
  readonly test: Dataset
  /** Default 90. */
  readonly epochs?: number
  /** Default 256. */
  readonly batchSize?: number
  /** Default 0.1 · batchSize / 256; decays to 0 by a cosine. */
  readonly learningRate?: number
  /** Side of the images in pixels; required for datasets without a fixed image size. */
  readonly size?: number
  /** Decides the transformations, the classifiers' start and the order. Default 0. */
  readonly seed?: number
}

export interface PredictTransformationResult {
  /** The share of the test images in the commonest class. */
  readonly chance: number
  /** The share of the test images of which the transformation is told from h. */
  readonly encoder: number
  /** And from g(h). */
  readonly projection: number
}

/**
 * Transforms every image once, as the task draws it, and trains an MLP with one hidden layer on h and another on g(h), by
 * SGD with Nesterov momentum 0.9 and no weight decay.
 *
 * @throws SimclrError if a dataset is empty, an option is out of range, a representation is not finite, or a loss diverges.
 * @example
 * const task = transformationTasks.rotate
 * const { encoder: h, projection: g } = await predictTransformation({ encoder, projection, task, train, test })
 */
export async function predictTransformation({
  encoder,
  projection,
  task,
  train,
  test,
  epochs = 90,
  batchSize = 256,
  learningRate = (0.1 * batchSize) / 256,
  size,
  seed = 0,
}: PredictTransformationOptions): Promise<PredictTransformationResult> {
  checkInteger('predictTransformation: epochs', epochs, 1)
  const key = RandomKey.fromSeed(seed).fold('predict-transformation')
  const represent = (dataset: Dataset, name: string) =>
    representations({ encoder, projection, task, dataset, batchSize, size, key: key.fold(name) })
  const trained = await represent(train, 'train')
  const tested = await represent(test, 'test')
  const classes = task.classes.length
  const totalSteps = epochs * Math.ceil(trained.encoder.labels.length / batchSize)

  const told = async (from: 'encoder' | 'projection'): Promise<number> => {
    const inputWidth = trained[from].width
    const head = probeHead('predictTransformation', { probe: 'mlp', inputWidth, classes, seed })
    try {
      const { accuracy } = await trainProbe('predictTransformation', head, {
        batches: storedFeatures(trained[from], batchSize, key),
        test: tested[from],
        classes,
        epochs,
        learningRate: warmupCosine({ peak: learningRate, warmupSteps: 0, totalSteps }),
      })
      return accuracy
    } finally {
      head.dispose()
    }
  }
  const { labels } = tested.encoder
  const counts = task.classes.map((_, i) => labels.filter((label) => label === i).length)
  return {
    chance: Math.max(...counts) / labels.length,
    encoder: await told('encoder'),
    projection: await told('projection'),
  }
}

interface RepresentationOptions
  extends Pick<PredictTransformationOptions, 'encoder' | 'projection' | 'task'> {
  readonly size: number | undefined
  readonly dataset: Dataset
  readonly batchSize: number
  readonly key: RandomKey
}

/** h and g(h) of each transformed image, both labelled with its transformation. */
async function representations({
  encoder,
  projection,
  task,
  dataset,
  batchSize,
  size,
  key,
}: RepresentationOptions): Promise<Record<'encoder' | 'projection', LabelledFeatures>> {
  checkExtraction('predictTransformation', dataset, batchSize)
  const { augmentation, classOf } = task
  const labels: number[] = []
  const parts: Record<'encoder' | 'projection', Float32Array[]> = { encoder: [], projection: [] }
  let firstBatch = 0
  for await (const batch of dataset.batches({
    batchSize,
    ...(size !== undefined && dataset.imageSize === undefined && { size }),
  })) {
    const drawn = augmentation.sample((row) => key.fold(batch.indices[row]!), batch.count, batch)
    labels.push(...drawn.map(classOf))
    firstBatch ||= batch.count
    const outputs = tidy(() => {
      const features = encoder.apply(augmentation.apply(imageTensor(batch), drawn), { training: false })
      return { encoder: features, projection: projection.apply(features, { training: false }) }
    })
    parts.encoder.push(await outputs.encoder.data<'float32'>())
    parts.projection.push(await outputs.projection.data<'float32'>())
    dispose(outputs)
  }
  const join = (from: 'encoder' | 'projection'): LabelledFeatures => {
    const width = parts[from][0]!.length / firstBatch
    const joined = new Float32Array(labels.length * width)
    let start = 0
    for (const part of parts[from]) {
      joined.set(part, start)
      start += part.length
    }
    const features = { features: joined, width, labels: Int32Array.from(labels) }
    checkFeatures(`predictTransformation: ${from}`, features)
    return features
  }
  return { encoder: join('encoder'), projection: join('projection') }
}
