import { type ResNet, type SafetensorsArray, safetensorsParts } from '@simclr/models'

/** The parts of a safetensors file of an encoder, under our names; the metadata tell its architecture. */
export function encoderParts(encoder: ResNet): AsyncGenerator<Uint8Array> {
  const variables = new Map(
    [...encoder.parameters(), ...encoder.state()].map(({ name, value }) => [name, value]),
  )
  const read = async (name: string): Promise<SafetensorsArray> => {
    const variable = variables.get(name)!
    return { dtype: 'F32', shape: variable.shape, values: await variable.data<'float32'>() }
  }
  const arrays = new Map([...variables].map(([name, { shape }]) => [name, { dtype: 'F32' as const, shape }]))
  const metadata = new Map([['architecture', JSON.stringify(encoder.options)]])
  return safetensorsParts({ arrays, read }, { metadata })
}
