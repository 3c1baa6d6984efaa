/** The augmentations of single images against the official implementation, as the batched ones. */
import { RandomKey } from '@simclr/core'
import { describe, expect, it } from 'vitest'
import { type GoldenOperation, goldenImage, goldenInput, goldenOperations } from '../__fixtures__/golden.ts'
import { floatImage } from '../__fixtures__/plain-images.ts'
import { cropper } from '../draw/crop-maps.ts'
import { centerCrop } from './center-crop.ts'
import { colorDrop } from './color-drop.ts'
import { colorJitter } from './color-jitter.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import type { FloatImage } from './image-augmentation.ts'
import { cropPixels } from './planar/crop-pixels.ts'
import { toFloats } from './planar/to-floats.ts'
import { withWorkingMemory } from './planar/working-memory.ts'
import { randomFlip } from './random-flip.ts'

const applied: Record<string, (image: FloatImage, operation: GoldenOperation) => FloatImage> = {
  flip: (image) => randomFlip().applyFloat(image, true),
  to_grayscale: (image) => colorDrop().applyFloat(image, true),
  gaussian_blur: (image, { actual_kernel_size, sigma }) =>
    gaussianBlur({ kernel: actual_kernel_size / image.height }).applyFloat(image, sigma),
  crop_resize: (image, { box_yxhw: [top, left, height, width], out }) => {
    const output = { height: out[0], width: out[1] }
    const maps = cropper(output, {})(image, { top, left, height, width }, false)
    return withWorkingMemory(() => toFloats(cropPixels(image, maps)))
  },
  center_crop: (image, { out }) => {
    const crop = centerCrop({ size: out[0] })
    return crop.applyFloat(image, crop.sample(() => RandomKey.fromSeed(0), 1, image)[0]!)
  },
  color_jitter_composed: (image, { impl, perm, factors_b_c_s_h: [factor, contrast, saturation, hue] }) => {
    const additive = impl === 'simclrv1'
    const drawn = { order: perm, brightness: additive ? factor - 1 : factor, contrast, saturation, hue }
    return colorJitter({ brightness: additive ? 'additive' : 'multiplicative' }).applyFloat(image, drawn)
  },
}

describe.each(Object.keys(applied))('%s', (op) => {
  it.each(goldenOperations(op))('equals the official $key', (operation) => {
    const result = applied[op]!(floatImage(goldenInput(operation), 0), operation)
    expect(result.data).toBeAllClose(goldenImage(operation.key), { absolute: 5e-6 })
  })
})
