export type { Augmentation, ImageSize, RandomOf } from './augmentation.ts'
export { type CenterCropOptions, centerCrop } from './center-crop.ts'
export { clip } from './clip.ts'
export { type ColorDropOptions, colorDrop } from './color-drop.ts'
export { type ColorJitterOptions, colorJitter, type DrawnColorJitter } from './color-jitter.ts'
export { compose } from './compose.ts'
export { type AugmentationDefinition, defineAugmentation } from './define-augmentation.ts'
export { type GaussianBlurOptions, gaussianBlur } from './gaussian-blur.ts'
export { adjustHue, adjustSaturation } from './hsv.ts'
export { type DrawnRandomApply, type RandomApplyOptions, randomApply } from './random-apply.ts'
export { type RandomFlipOptions, randomFlip } from './random-flip.ts'
export {
  type DrawnCrops,
  type RandomResizedCropOptions,
  randomResizedCrop,
} from './random-resized-crop.ts'
export type { ResampleOptions } from './resample-matrix.ts'
export { type CropBox, type CropBoxOptions, sampleCropBox } from './sample-crop-box.ts'
export { type SimclrAugmentationOptions, simclrAugmentation } from './simclr-augmentation.ts'
export { twoViews } from './two-views.ts'
