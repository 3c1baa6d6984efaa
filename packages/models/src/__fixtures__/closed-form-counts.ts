/** Sizes of a ResNet from its variant's row alone, written independently of the layers. Used by tests only. */
import { BasicBlock } from '../basic-block.ts'
import { resNetVariants } from '../resnet-variants.ts'

export interface Counts {
  /** Elements of all parameters. */
  trainable: number
  /** With moving statistics. */
  total: number
  variables: number
  convolutions: number
  /** Of all convolutions for one image. */
  multiplyAdds: number
  featureWidth: number
}

export function closedFormCounts(options: {
  depth: number
  width: number
  stem: 'imagenet' | 'cifar'
  size: number
}): Counts {
  const { depth, width, stem, size } = options
  const { block, blocks } = resNetVariants.get(depth)!
  const counts: Counts = { trainable: 0, total: 0, variables: 0, convolutions: 0, multiplyAdds: 0, featureWidth: 0 }

  function convolutionAndNorm(kernel: number, input: number, output: number, outputSize: number): void {
    const weights = kernel * kernel * input * output
    counts.trainable += weights + 2 * output
    counts.total += weights + 4 * output
    counts.variables += 5
    counts.convolutions += 1
    counts.multiplyAdds += weights * outputSize * outputSize
  }

  const base = 64 * width
  let side = stem === 'imagenet' ? size / 2 : size
  convolutionAndNorm(stem === 'imagenet' ? 7 : 3, 3, base, side)
  if (stem === 'imagenet') side /= 2

  let input = base
  blocks.forEach((count, group) => {
    const inner = base * 2 ** group
    const output = block === BasicBlock ? inner : 4 * inner
    for (let i = 0; i < count; i++) {
      const before = side
      if (i === 0 && group > 0) side /= 2
      if (i === 0) convolutionAndNorm(1, input, output, side)
      if (block === BasicBlock) {
        convolutionAndNorm(3, input, inner, side)
        convolutionAndNorm(3, inner, inner, side)
      } else {
        convolutionAndNorm(1, input, inner, before)
        convolutionAndNorm(3, inner, inner, side)
        convolutionAndNorm(1, inner, output, side)
      }
      input = output
    }
  })
  counts.featureWidth = input
  return counts
}
