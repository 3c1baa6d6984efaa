/** Pairs of crops that predict one another: the two kinds of figure 3 of the paper. */
import { checkInteger, checkRange, type RandomKey } from '@simclr/core/plain'
import type { ImageSize } from './draw.ts'
import { type CropBox, sampleCropBox } from './sample-crop-box.ts'

/** Options of {@link sampleCropPair}. */
export interface CropPairOptions {
  /** `global-to-local`: the second box lies inside the first. `adjacent`: they lie side by side without overlap. */
  kind: 'global-to-local' | 'adjacent'
  /** Share of the image's area that the global box covers, default [0.4, 1]; the paper gives no numbers. */
  globalArea?: readonly [number, number]
  /** Share of the global box (or of its half of the image) that a local box covers; default [0.08, 0.4], or [0.16, 1]. */
  localArea?: readonly [number, number]
}

/**
 * Draws two boxes inside an image of `size`, with aspect ratios within 3/4 and 4/3, area uniform.
 *
 * @param key The pair is a pure function of this key, the size and the options.
 * @returns The boxes of views 0 and 1 in whole pixels; which half is view 0 of an adjacent pair is drawn too.
 * @throws SimclrError if a range of areas is impossible, or if a single pixel is to give an adjacent pair.
 */
export function sampleCropPair(
  key: RandomKey,
  size: ImageSize,
  { kind, globalArea = [0.4, 1], localArea = kind === 'adjacent' ? [0.16, 1] : [0.08, 0.4] }: CropPairOptions,
): readonly [CropBox, CropBox] {
  checkArea('globalArea', globalArea)
  checkArea('localArea', localArea)
  const cut = (name: string, within: CropBox, area: readonly [number, number]): CropBox => {
    const { top, left, height, width } = sampleCropBox(key.fold(name), within, { area, sampler: 'paper' })
    return { top: within.top + top, left: within.left + left, height, width }
  }
  const whole = { top: 0, left: 0, ...size }
  if (kind === 'global-to-local') {
    const global = cut('global', whole, globalArea)
    return [global, cut('local', global, localArea)]
  }
  checkInteger('sampleCropPair: longer side of the image', Math.max(size.height, size.width), 2)
  const [first, second] = halves(whole, key.uniform(0, 0.4, 0.6))
  const boxes = [cut('first', first, localArea), cut('second', second, localArea)] as const
  return key.uniform(1) < 0.5 ? boxes : [boxes[1], boxes[0]]
}

/** The two parts of a box that is cut across its longer side. */
function halves({ top, left, height, width }: CropBox, share: number): [CropBox, CropBox] {
  const cut = Math.round(Math.max(height, width) * share)
  return width >= height
    ? [
        { top, left, height, width: cut },
        { top, left: left + cut, height, width: width - cut },
      ]
    : [
        { top, left, height: cut, width },
        { top: top + cut, left, height: height - cut, width },
      ]
}

function checkArea(name: string, [smallest, largest]: readonly [number, number]): void {
  checkRange(`sampleCropPair: largest ${name}`, largest, Number.MIN_VALUE, 1)
  checkRange(`sampleCropPair: smallest ${name}`, smallest, 0, largest)
}
