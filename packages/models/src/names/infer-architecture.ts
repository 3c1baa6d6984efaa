/** Finds out which ResNet a file of weights holds, from the names and shapes of its arrays alone. */
import { SimclrError } from '@simclr/core'
import type { ArrayInfo } from '../files/weight-file.ts'
import type { ResNetArchitecture } from '../resnet-architecture.ts'
import { resNetVariants } from '../resnet-variants.ts'
import { compareArrays, type Encoder } from './compare-arrays.ts'
import { encoderVariables } from './encoder-variables.ts'
import { findEncoder } from './find-encoder.ts'
import { summarize } from './summarize.ts'

/** The reduction of SimCLRv2, taken wherever it explains the shapes. */
const SELECTIVE_KERNEL_RATIO = 0.0625

/**
 * Where two architectures have equal variables, the likelier one: from depth 50 on the style is that which files of the
 * format usually have, and ResNet-18 and 34 with the `cifar` stem count as without selective kernels.
 *
 * @returns The format's name (`simclr`, `torchvision` or `tensorflow`) and the architecture.
 * @throws SimclrError if the names follow no known format, or the shapes are those of no ResNet that is known.
 */
export function inferArchitecture(arrays: ReadonlyMap<string, ArrayInfo>): {
  format: string
  architecture: ResNetArchitecture
} {
  const encoder = findEncoder(arrays)
  const attempts = candidates(encoder, arrays).map((architecture) => ({
    architecture,
    differences: compareArrays(encoder, arrays, encoderVariables(architecture)),
  }))
  const closest = attempts.reduce((a, b) => (b.differences.length < a.differences.length ? b : a))
  const { architecture, differences } = closest
  if (differences.length === 0) return { format: encoder.format.name, architecture }
  throw new SimclrError({
    parameter: 'inferArchitecture: arrays',
    expected: `those of a ResNet-${[...resNetVariants.keys()].join(', ')} in names of ${encoder.format.name}`,
    received: `arrays whose closest ResNet ${JSON.stringify(architecture)} differs: ${summarize(differences)}`,
    remedy: 'Other networks cannot be imported.',
  })
}

function candidates(encoder: Encoder, arrays: ReadonlyMap<string, ArrayInfo>): ResNetArchitecture[] {
  const plain = [...resNetVariants.keys()].flatMap((depth) =>
    (['imagenet', 'cifar'] as const).flatMap((stem) =>
      encoder.format.styles.map((style) => ({ depth, width: 1, stem, style, selectiveKernelRatio: 0 })),
    ),
  )
  const selective = plain
    .filter(({ style }) => style === 'official')
    .map((architecture) => ({ ...architecture, selectiveKernelRatio: SELECTIVE_KERNEL_RATIO }))
  return [...plain, ...selective].map((architecture) => fit(architecture, encoder, arrays))
}

/** Takes width and ratio from the kernels that show them. */
function fit(
  architecture: ResNetArchitecture,
  encoder: Encoder,
  arrays: ReadonlyMap<string, ArrayInfo>,
): ResNetArchitecture {
  const variables = encoderVariables(architecture)
  const names = encoder.format.names(variables)
  function channels(isIt: (name: string) => boolean): number | undefined {
    const theirs = names[variables.findLastIndex(({ name }) => isIt(name))]
    const file = theirs === undefined ? undefined : encoder.found.get(theirs)
    const shape = file === undefined ? undefined : arrays.get(file)!.shape
    return encoder.format.layout === 'pytorch' ? shape?.[0] : shape?.at(-1)
  }
  const base = channels((name) => /^stem\.conv\d\.kernel$/.test(name)) || 64
  const middle = channels((name) => name.endsWith('.reduce.kernel'))
  const width = base / 64
  if (middle === undefined) return { ...architecture, width }
  const usual = Math.max(Math.floor(8 * base * SELECTIVE_KERNEL_RATIO), 32)
  const ratio = middle === usual ? SELECTIVE_KERNEL_RATIO : Math.min(1, middle / (8 * base))
  return { ...architecture, width, selectiveKernelRatio: ratio > 0 ? ratio : SELECTIVE_KERNEL_RATIO }
}
