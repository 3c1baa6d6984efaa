/** From a configuration to how the two views of an image come about. */
import type {
  CompositionStudyOptions,
  GaussianNoiseOptions,
  RandomResizedCropOptions,
  SimclrAugmentationOptions,
  SobelOptions,
} from '@simclr/augment'
import { type AddedOperation, addedOperation, composedOperations } from './augmentation-setting.ts'
import type { Config } from './config.ts'

/** The augmentations of `@simclr/augment`, or those of `@simclr/augment/image`. */
export interface AugmentationFlavour<Augmentation> {
  simclrAugmentation(options: SimclrAugmentationOptions): Augmentation
  compositionStudy(options: CompositionStudyOptions): TwoViewPlan<Augmentation>
  autoAugment(): Augmentation
  randomResizedCrop(options: RandomResizedCropOptions): Augmentation
  randomFlip(): Augmentation
  randomRotation(): Augmentation
  gaussianNoise(options: GaussianNoiseOptions): Augmentation
  sobel(options: SobelOptions): Augmentation
  clip(): Augmentation
  compose(augmentations: readonly Augmentation[]): Augmentation
}

/** What the views share, if anything, and then one pipeline for each: the same one where nothing is shared. */
export interface TwoViewPlan<Augmentation> {
  readonly shared?: Augmentation
  readonly branches: readonly [Augmentation, Augmentation]
}

/** @param options `crop: false` where the decoder has already cut the drawn boxes. */
export function viewPlan<Augmentation>(
  flavour: AugmentationFlavour<Augmentation>,
  { augmentation, imageSize: size, strength, blur, minimumArea }: Config,
  { crop }: { crop: boolean },
): TwoViewPlan<Augmentation> {
  const { simclrAugmentation, compositionStudy, autoAugment, compose, clip } = flavour
  const area = [minimumArea, 1] as const
  const operations = composedOperations(augmentation)
  if (operations !== undefined) return compositionStudy({ size, operations, area, strength, crop })
  const cropAndFlip = () =>
    crop ? flavour.randomResizedCrop({ size, area, flip: 0.5 }) : flavour.randomFlip()
  const added = addedOperation(augmentation)
  const simclr = () => simclrAugmentation({ size, strength, blur, crop, area })
  const branch =
    augmentation === 'auto-augment'
      ? compose([cropAndFlip(), clip(), autoAugment()])
      : added === undefined
        ? simclr()
        : compose([simclr(), addedOperations(flavour)[added]()])
  return { branches: [branch, branch] }
}

/** Turned by any quarter; noisy or filtered in half of the views (table 3 predicts which from the representation). */
function addedOperations<Augmentation>({
  randomRotation,
  gaussianNoise,
  sobel,
}: AugmentationFlavour<Augmentation>): Record<AddedOperation, () => Augmentation> {
  return {
    rotate: () => randomRotation(),
    noise: () => gaussianNoise({ probability: 0.5 }),
    sobel: () => sobel({ probability: 0.5 }),
  }
}
