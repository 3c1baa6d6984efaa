/** A convention of names for the arrays of a ResNet. */

import type { ArrayInfo } from '../files/weight-file.ts'
import type { ResNetStyle } from '../resnet-architecture.ts'
import type { EncoderVariable } from './encoder-variables.ts'

export interface NameFormat {
  /** As it appears in messages, e.g. `torchvision`. */
  readonly name: string
  /** Whose padding and shortcuts such files are trained with, the likelier first. */
  readonly styles: readonly ResNetStyle[]
  /** Whether kernels are `[h, w, in, out]` as ours are, or `[out, in, h, w]`. */
  readonly layout: 'tensorflow' | 'pytorch'
  /**
   * Finds the encoder among the arrays of a file.
   *
   * @returns The name in the file by the name in this convention (prefixes and variants of spelling removed), of the
   *   encoder's arrays only; undefined if the file follows another convention.
   */
  find(arrays: ReadonlyMap<string, ArrayInfo>): ReadonlyMap<string, string> | undefined
  /** The name of each variable in this convention, in their order; undefined where it has none. */
  names(variables: readonly Pick<EncoderVariable, 'name' | 'shape'>[]): (string | undefined)[]
}
