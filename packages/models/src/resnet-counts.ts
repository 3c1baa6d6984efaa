/** Sizes of a ResNet in closed form, without building it (He et al. 2016, table 1; SimCLRv2, table 1). */
import { checkInteger } from '@simclr/core'
import { BasicBlock } from './basic-block.ts'
import { type ResNetArchitectureOptions, resolveArchitecture } from './resnet-architecture.ts'
import { resNetVariants } from './resnet-variants.ts'

export interface ResNetCounts {
  /** Elements of all parameters, which training changes. */
  readonly parameters: number
  /** Elements of the moving means and variances. */
  readonly movingStatistics: number
  /** Multiplications, each with an addition, of all convolutions for one image. */
  readonly multiplyAdds: number
  /** Length of a feature vector. */
  readonly featureWidth: number
}

/**
 * Parameters and multiply-adds of an encoder without classifier.
 *
 * @param architecture As for `new ResNet`.
 * @param imageSize Height and width of an image in pixels; default 224, with the `cifar` stem 32.
 * @throws SimclrError for an architecture that does not exist, or an image size below 1.
 * @example
 * resNetCounts({ depth: 50 }) // { parameters: 23508032, multiplyAdds: 4087136256, … }
 */
export function resNetCounts(
  architecture: ResNetArchitectureOptions,
  imageSize: number = architecture.stem === 'cifar' ? 32 : 224,
): ResNetCounts {
  const { depth, width, stem, style, selectiveKernelRatio } = resolveArchitecture(architecture)
  checkInteger('resNetCounts: imageSize', imageSize, 1)
  const { block, blocks } = resNetVariants.get(depth)!
  const selective = selectiveKernelRatio > 0
  let parameters = 0
  let movingStatistics = 0
  let multiplyAdds = 0

  function convolution(kernel: number, input: number, output: number, side: number): void {
    const weights = kernel * kernel * input * output
    parameters += weights
    multiplyAdds += weights * side * side
  }
  function convolutionAndNorm(kernel: number, input: number, output: number, side: number): void {
    convolution(kernel, input, output, side)
    parameters += 2 * output
    movingStatistics += 2 * output
  }
  function selectiveKernel(width: number, side: number): void {
    const middle = Math.max(Math.floor(width * selectiveKernelRatio), 32)
    convolutionAndNorm(3, width, 2 * width, side)
    convolutionAndNorm(1, width, middle, 1)
    convolution(1, middle, 2 * width, 1)
  }

  const base = Math.max(1, Math.round(64 * width))
  let side = imageSize
  if (stem === 'cifar') {
    convolutionAndNorm(3, 3, base, side)
  } else {
    side = Math.ceil(side / 2)
    const half = Math.max(1, Math.floor(base / 2))
    if (selective) {
      convolutionAndNorm(3, 3, half, side)
      convolutionAndNorm(3, half, half, side)
      convolutionAndNorm(3, half, base, side)
    } else {
      convolutionAndNorm(7, 3, base, side)
    }
    side = Math.ceil(side / 2)
  }

  let input = base
  blocks.forEach((count, group) => {
    const inner = base * 2 ** group
    const output = inner * block.expansion
    for (let i = 0; i < count; i++) {
      const before = side
      if (i === 0 && group > 0) side = Math.ceil(side / 2)
      const changesShape = side !== before || input !== output
      if (style === 'torchvision' ? changesShape : i === 0) convolutionAndNorm(1, input, output, side)
      if (block === BasicBlock) {
        convolutionAndNorm(3, input, inner, side)
        convolutionAndNorm(3, inner, output, side)
      } else {
        convolutionAndNorm(1, input, inner, before)
        if (selective) selectiveKernel(inner, side)
        else convolutionAndNorm(3, inner, inner, side)
        convolutionAndNorm(1, inner, output, side)
      }
      input = output
    }
  })
  return { parameters, movingStatistics, multiplyAdds, featureWidth: input }
}
