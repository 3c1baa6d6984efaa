/** An encoder with the weights of a file. */
import { tensor, tidy } from '@tensorflow/tfjs-core'
import type { WeightFile } from '../files/weight-file.ts'
import { ResNet, type ResNetOptions } from '../resnet.ts'
import { type ReadEncoderWeightsOptions, readEncoderWeights } from './read-encoder-weights.ts'

export interface ImportEncoderOptions
  extends ReadEncoderWeightsOptions,
    Pick<ResNetOptions, 'frozen' | 'gradientCheckpointing' | 'communicator'> {}

/**
 * Builds the ResNet that a file holds and sets its variables one after the other, so that never more than one array of
 * the file is in memory beside the encoder.
 *
 * @returns The encoder, which the caller disposes.
 * @throws SimclrError as {@link readEncoderWeights} does, or if the file is damaged.
 */
export async function importEncoder(file: WeightFile, options: ImportEncoderOptions = {}): Promise<ResNet> {
  const { architecture: wanted, ...others } = options
  const { architecture, entries } = readEncoderWeights(file, { architecture: wanted })
  const encoder = new ResNet({ ...others, ...architecture, initialize: false })
  try {
    const variables = new Map([...encoder.parameters(), ...encoder.state()].map((v) => [v.name, v.value]))
    for await (const [name, { shape, values }] of entries()) {
      tidy(() => variables.get(name)!.assign(tensor(values as Float32Array, [...shape], 'float32')))
    }
  } catch (error) {
    encoder.dispose()
    throw error
  }
  return encoder
}
