/** What must be known of an encoded image before its boxes are drawn and it is decoded. */
import type { ImageSize } from '@simclr/augment/image'

/** Height and width are those of the stored pixels: EXIF orientation is ignored, as torchvision does. */
export interface ImageHeader extends ImageSize {
  /** JPEGs can be decoded at a fraction of their size. */
  readonly jpeg: boolean
  /** Four inks instead of three colours. */
  readonly cmyk: boolean
}
