/** Decodes an image as Pillow does when torchvision converts it to RGB. */
import type { PlainImage } from '@simclr/augment/image'
import sharp from 'sharp'
import type { ImageHeader } from './image-header.ts'

/**
 * Colour values come as they are stored: EXIF orientation and colour profiles are ignored, grey becomes three equal
 * channels, a palette its colours, opacity is dropped, of 16 bits the upper eight are kept, and of an animation the
 * first picture. CMYK is converted with Pillow's formula instead of an ink profile.
 *
 * Sources: Pillow `Image.convert("RGB")` and `src/libImaging/Convert.c`; torchvision `datasets.folder.pil_loader`.
 *
 * @param shrink Divides height and width, rounded up; the decoder of JPEGs then skips work from 3 on. Whole, default 1.
 * @throws Error if the image is damaged.
 */
export async function decodeRgb(
  bytes: Buffer,
  { height, width, cmyk }: ImageHeader,
  shrink = 1,
): Promise<PlainImage> {
  const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: height * width })
  if (shrink > 1) {
    image.resize(Math.ceil(width / shrink), Math.ceil(height / shrink), { fit: 'fill', kernel: 'cubic' })
  }
  if (cmyk) image.pipelineColourspace('cmyk').toColourspace('cmyk')
  else image.toColourspace('srgb').removeAlpha()
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { data: cmyk ? rgbFromCmyk(data) : data, height: info.height, width: info.width }
}

/** Pillow's `cmyk2rgb`: what the black ink leaves of white, less the share that the coloured ink takes. */
function rgbFromCmyk(inks: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3)
  for (let from = 0, to = 0; from < inks.length; from += 4, to += 3) {
    const light = 255 - inks[from + 3]!
    for (let channel = 0; channel < 3; channel++) {
      rgb[to + channel] = light - Math.round((inks[from + channel]! * light) / 255)
    }
  }
  return rgb
}
