/** What a ResNet consists of, without building it: the names and shapes that files of weights are compared with. */
import type { ParameterRole } from '@simclr/core'
import { BasicBlock } from '../basic-block.ts'
import { type ResNetArchitectureOptions, resolveArchitecture } from '../resnet-architecture.ts'
import { resNetVariants } from '../resnet-variants.ts'

export interface EncoderVariable {
  /** e.g. `group1.block0.conv1.kernel`. */
  readonly name: string
  readonly shape: readonly number[]
  /** `statistic` for moving means and variances, which are state and no parameters. */
  readonly role: ParameterRole | 'statistic'
}

/**
 * All variables of `new ResNet(architecture)` in the order in which its layers are made, which is the official
 * code's: a convolution's kernel, then scale, offset, moving mean and variance of the normalisation behind it.
 *
 * @throws SimclrError for an architecture that does not exist.
 */
export function encoderVariables(architecture: ResNetArchitectureOptions): EncoderVariable[] {
  const { depth, width, stem, style, selectiveKernelRatio } = resolveArchitecture(architecture)
  const { block, blocks } = resNetVariants.get(depth)!
  const selective = selectiveKernelRatio > 0
  const variables: EncoderVariable[] = []

  function convolution(name: string, size: number, input: number, output: number): void {
    variables.push({ name: `${name}.kernel`, shape: [size, size, input, output], role: 'kernel' })
  }
  function norm(name: string, channels: number): void {
    const shape = [channels]
    variables.push(
      { name: `${name}.gamma`, shape, role: 'scale' },
      { name: `${name}.beta`, shape, role: 'offset' },
      { name: `${name}.moving_mean`, shape, role: 'statistic' },
      { name: `${name}.moving_variance`, shape, role: 'statistic' },
    )
  }
  function pair(name: string, index: number, size: number, input: number, output: number): void {
    convolution(`${name}.conv${index}`, size, input, output)
    norm(`${name}.bn${index}`, output)
  }
  function selectiveKernel(name: string, channels: number): void {
    const middle = Math.max(Math.floor(channels * selectiveKernelRatio), 32)
    convolution(`${name}.conv`, 3, channels, 2 * channels)
    norm(`${name}.bn`, 2 * channels)
    convolution(`${name}.reduce`, 1, channels, middle)
    norm(`${name}.bn_reduce`, middle)
    convolution(`${name}.expand`, 1, middle, 2 * channels)
  }

  const base = Math.max(1, Math.round(64 * width))
  if (stem === 'cifar') {
    pair('stem', 1, 3, 3, base)
  } else if (selective) {
    const half = Math.max(1, Math.floor(base / 2))
    pair('stem', 1, 3, 3, half)
    pair('stem', 2, 3, half, half)
    pair('stem', 3, 3, half, base)
  } else {
    pair('stem', 1, 7, 3, base)
  }

  let input = base
  blocks.forEach((count, group) => {
    const inner = base * 2 ** group
    const output = inner * block.expansion
    for (let i = 0; i < count; i++) {
      const name = `group${group + 1}.block${i}`
      const changesShape = i === 0 && (group > 0 || input !== output)
      if (style === 'torchvision' ? changesShape : i === 0) pair(`${name}.shortcut`, 1, 1, input, output)
      if (block === BasicBlock) {
        pair(name, 1, 3, input, inner)
        pair(name, 2, 3, inner, output)
      } else {
        pair(name, 1, 1, input, inner)
        if (selective) selectiveKernel(`${name}.sk2`, inner)
        else pair(name, 2, 3, inner, inner)
        pair(name, 3, 1, inner, output)
      }
      input = output
    }
  })
  return variables
}
