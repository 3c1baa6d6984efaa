import { checkInteger, SimclrError } from '@simclr/core/plain'
import type { PlainImage } from './image-augmentation.ts'

/**
 * @param name Of the operation that gets the image, for the message.
 * @throws SimclrError unless data, width and height agree.
 */
export function checkImage(name: string, { data, width, height }: PlainImage): void {
  checkInteger(`${name}: width of the image`, width, 1)
  checkInteger(`${name}: height of the image`, height, 1)
  const channels = data.length / (width * height)
  if (channels === 3 || (channels === 4 && !(data instanceof Float32Array))) return
  throw new SimclrError({
    parameter: `${name}: data of the image`,
    expected: `${width * height} pixels of RGB, or of RGBA bytes`,
    received: `${data.length} numbers`,
    remedy: 'Repeat the channel of grey images; pass floats without alpha.',
  })
}
