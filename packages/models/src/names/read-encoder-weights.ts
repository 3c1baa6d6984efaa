/** The weights of an encoder out of any file of weights, one variable after the other. */
import { SimclrError } from '@simclr/core'
import { elementCount } from '../files/element-count.ts'
import type { SafetensorsArray } from '../files/safetensors.ts'
import type { WeightFile } from '../files/weight-file.ts'
import {
  type ResNetArchitecture,
  type ResNetArchitectureOptions,
  resolveArchitecture,
} from '../resnet-architecture.ts'
import { compareArrays } from './compare-arrays.ts'
import { encoderVariables } from './encoder-variables.ts'
import { findEncoder } from './find-encoder.ts'
import { inferArchitecture } from './infer-architecture.ts'
import { readVariable } from './read-variable.ts'
import { summarize } from './summarize.ts'

export interface ReadEncoderWeightsOptions {
  /** What the file must hold; by default what its names and shapes tell (see {@link inferArchitecture}). */
  readonly architecture?: ResNetArchitectureOptions | undefined
}

export interface EncoderWeights {
  /** `simclr`, `torchvision` or `tensorflow`. */
  readonly format: string
  readonly architecture: ResNetArchitecture
  /** Names in the file that are not the encoder's: heads, optimizer state, counters. */
  readonly ignored: readonly string[]
  /**
   * Reads every variable of the encoder: its name and its F32 values in our layout, in new memory. The largest come
   * first, so that the memory in which they are read is free for those that follow.
   */
  entries(): AsyncGenerator<[name: string, array: SafetensorsArray], void, undefined>
}

/**
 * Only names and shapes are looked at before `entries` is iterated, which reads one array at a time.
 *
 * @throws SimclrError if the file holds no ResNet that is known, or another than `architecture`: the message lists what
 *   is missing, unexpected or of another shape.
 */
export function readEncoderWeights(
  file: WeightFile,
  options: ReadEncoderWeightsOptions = {},
): EncoderWeights {
  const { arrays } = file
  const encoder = findEncoder(arrays)
  const architecture = resolveArchitecture(options.architecture ?? inferArchitecture(arrays).architecture)
  const variables = encoderVariables(architecture)
  const differences = compareArrays(encoder, arrays, variables)
  const { format, found } = encoder
  if (differences.length > 0) {
    throw new SimclrError({
      parameter: `weights ${file.name}`,
      expected: `those of the ResNet ${JSON.stringify(architecture)}`,
      received: `${format.name} arrays that differ: ${summarize(differences)}`,
      remedy: 'Ask for the architecture of the file, or leave it to be found out.',
    })
  }
  const used = new Set(found.values())
  const ignored = [...arrays.keys()].filter(
    (name) => !used.has(name) && !name.endsWith('num_batches_tracked'),
  )
  const names = format.names(variables)
  const largestFirst = [...variables.entries()].sort(
    ([, a], [, b]) => elementCount(b.shape) - elementCount(a.shape),
  )

  async function* entries(): AsyncGenerator<[string, SafetensorsArray], void, undefined> {
    for (const [i, { name, shape }] of largestFirst) {
      const values = await readVariable(file, found.get(names[i]!)!, shape, format.layout)
      yield [name, { dtype: 'F32', shape, values }]
    }
  }
  return { format: format.name, architecture, ignored, entries }
}
