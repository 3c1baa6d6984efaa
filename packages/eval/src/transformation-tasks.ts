/** The transformations that table 3 predicts (SimCLR section 4.2). */
import { type Augmentation, colorDrop, gaussianNoise, randomRotation, sobel } from '@simclr/augment'

/** A random transformation, whose draw for an image is what is to be predicted. */
export interface TransformationTask<Drawn = unknown> {
  /** As in the table. */
  readonly title: string
  /** Must keep the size of images. */
  readonly augmentation: Augmentation<Drawn>
  readonly classes: readonly string[]
  /** The class of an image for which this was drawn: a number from 0 to `classes.length` - 1. */
  readonly classOf: (drawn: Drawn) => number
}

/** The four rows of the table. */
export type TransformationName = 'color' | 'rotate' | 'noise' | 'sobel'

/**
 * Colour images or, one in five, grey ones; turned by 0, 90, 180 or 270 degrees; half of them with Gaussian noise; half of
 * them Sobel-filtered. Shares are those of the paper's chance level; noise has a standard deviation of up to 0.1.
 */
export const transformationTasks: Readonly<Record<TransformationName, TransformationTask>> = {
  color: defineTask({
    title: 'color vs grayscale',
    augmentation: colorDrop({ probability: 0.2 }),
    classes: ['color', 'grayscale'],
    classOf: Number,
  }),
  rotate: defineTask({
    title: 'rotation',
    augmentation: randomRotation(),
    classes: ['0°', '90°', '180°', '270°'],
    classOf: (degrees) => degrees / 90,
  }),
  noise: defineTask({
    title: 'orig. vs corrupted',
    augmentation: gaussianNoise({ probability: 0.5 }),
    classes: ['original', 'corrupted'],
    classOf: (drawn) => (drawn === null ? 0 : 1),
  }),
  sobel: defineTask({
    title: 'orig. vs Sobel filtered',
    augmentation: sobel({ probability: 0.5 }),
    classes: ['original', 'Sobel filtered'],
    classOf: (drawn) => (drawn === null ? 0 : 1),
  }),
}

/** Drops the type of the draws, which only the task itself looks at. */
function defineTask<Drawn>({
  augmentation,
  classOf,
  ...task
}: TransformationTask<Drawn>): TransformationTask {
  return {
    ...task,
    augmentation: augmentation as Augmentation,
    classOf: (drawn) => classOf(drawn as Drawn),
  }
}
