/** What decides the variables and the function of a ResNet: exporters write it down, file formats compare it. */
import { checkPositive, checkRange, SimclrError } from '@simclr/core'
import { resNetVariants } from './resnet-variants.ts'
import type { StemType } from './stem.ts'

/**
 * `official`: google-research/simclr tf2/resnet.py. `torchvision`: its max pool pads one pixel on both sides instead
 * of TensorFlow's SAME, and a shortcut is the identity wherever the shape stays (the first block of ResNet-18 and 34).
 */
export type ResNetStyle = 'official' | 'torchvision'

/** Two encoders of equal architecture take each other's weights and then compute the same features. */
export interface ResNetArchitecture {
  /** 18, 34, 50, 101, 152 or 200. */
  readonly depth: number
  /** Multiplies the width of every layer; the first is round(64 · width). Fractions make small networks. Default 1. */
  readonly width: number
  /** First layers: `imagenet` halves the image twice, `cifar` keeps its size. Default `imagenet`. */
  readonly stem: StemType
  /** Whose padding and shortcuts. Default `official`. */
  readonly style: ResNetStyle
  /**
   * Above 0, selective kernels (Li et al. 2019) with this reduction in bottlenecks, and the stem and shortcuts of
   * ResNet-D, as in SimCLRv2, which uses 0.0625. Default 0.
   */
  readonly selectiveKernelRatio: number
}

/** An architecture whose defaults are left out. */
export type ResNetArchitectureOptions = Pick<ResNetArchitecture, 'depth'> & Partial<ResNetArchitecture>

/**
 * Fills in the defaults; other properties of `options` are left out of the result.
 *
 * @throws SimclrError for an unknown depth, stem or style, a width that is not above 0, a ratio outside [0, 1], or
 *   selective kernels in torchvision's style.
 */
export function resolveArchitecture({
  depth,
  width = 1,
  stem = 'imagenet',
  style = 'official',
  selectiveKernelRatio = 0,
}: ResNetArchitectureOptions): ResNetArchitecture {
  if (!resNetVariants.has(depth)) {
    throw new SimclrError({
      parameter: 'ResNet: depth',
      expected: `one of ${[...resNetVariants.keys()].join(', ')}`,
      received: String(depth),
    })
  }
  checkPositive('ResNet: width', width)
  if (stem !== 'imagenet' && stem !== 'cifar') {
    throw new SimclrError({
      parameter: 'ResNet: stem',
      expected: "'imagenet' or 'cifar'",
      received: `"${String(stem)}"`,
      remedy: "Use 'cifar' for images of up to about 64 pixels.",
    })
  }
  if (style !== 'official' && style !== 'torchvision') {
    throw new SimclrError({
      parameter: 'ResNet: style',
      expected: "'official' or 'torchvision'",
      received: `"${String(style)}"`,
    })
  }
  checkRange('ResNet: selectiveKernelRatio', selectiveKernelRatio, 0, 1)
  if (style === 'torchvision' && selectiveKernelRatio > 0) {
    throw new SimclrError({
      parameter: 'ResNet: selectiveKernelRatio',
      expected: "0 with style 'torchvision', which has no selective kernels",
      received: String(selectiveKernelRatio),
      remedy: "Use style 'official' for selective kernels.",
    })
  }
  return { depth, width, stem, style, selectiveKernelRatio }
}
