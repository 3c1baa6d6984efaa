/**
 * The operations of AutoAugment and RandAugment. They are those of Pillow: images are whole numbers from 0 to 255, every
 * result is cut off to one.
 */

/** Operations that move pixels; see `affineMap` for their values. */
export type AffineOperation = 'shearX' | 'shearY' | 'translateX' | 'translateY' | 'rotate'

/**
 * Operations that map each byte by itself. The value of solarize is the byte from which on the image is inverted; that of
 * solarizeAdd is added to bytes below 128; that of posterize counts the bits that stay; invert takes none.
 */
export type ToneOperation = 'invert' | 'solarize' | 'solarizeAdd' | 'posterize'

/** Operations that stretch the histogram of each channel, without a value. */
export type HistogramOperation = 'autocontrast' | 'equalize'

/**
 * Operations whose value is a factor: 1 changes nothing; 0 gives black, the image's grey, its mean grey, or its smooth
 * version.
 */
export type EnhanceOperation = 'brightness' | 'color' | 'contrast' | 'sharpness'

export type StepOperation = AffineOperation | ToneOperation | HistogramOperation | EnhanceOperation

/** An operation as it was drawn for an image. */
export interface Step {
  readonly operation: StepOperation
  /** What the operation takes; 0 for one that takes nothing. */
  readonly value: number
}
