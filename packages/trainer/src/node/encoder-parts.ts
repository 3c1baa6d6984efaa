import type { Module } from '@simclr/core'
import { type ResNet, type SafetensorsArray, safetensorsParts } from '@simclr/models'

/**
 * The parts of a safetensors file of an encoder, under our names; the metadata tell its architecture.
 *
 * @param heads What else to store; the key and a dot come before the names of a head's variables.
 */
export function encoderParts(
  encoder: ResNet,
  heads: Readonly<Record<string, Module>> = {},
): AsyncGenerator<Uint8Array> {
  const variables = new Map(
    [
      ['', encoder] as const,
      ...Object.entries(heads).map(([key, head]) => [`${key}.`, head] as const),
    ].flatMap(([prefix, module]) =>
      [...module.parameters(), ...module.state()].map(
        ({ name, value }) => [`${prefix}${name}`, value] as const,
      ),
    ),
  )
  const read = async (name: string): Promise<SafetensorsArray> => {
    const variable = variables.get(name)!
    return { dtype: 'F32', shape: variable.shape, values: await variable.data<'float32'>() }
  }
  const arrays = new Map([...variables].map(([name, { shape }]) => [name, { dtype: 'F32' as const, shape }]))
  const metadata = new Map([['architecture', JSON.stringify(encoder.options)]])
  return safetensorsParts({ arrays, read }, { metadata })
}
