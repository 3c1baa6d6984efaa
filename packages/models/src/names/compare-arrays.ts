/** What is wrong with a file's arrays for an architecture. */
import type { ArrayInfo } from '../files/weight-file.ts'
import type { EncoderVariable } from './encoder-variables.ts'
import type { NameFormat } from './name-format.ts'
import { pytorchShape } from './pytorch-layout.ts'

export interface Encoder {
  readonly format: NameFormat
  /** The name in the file by the name in the format. */
  readonly found: ReadonlyMap<string, string>
}

/** @returns One line for each array that is missing, unexpected, of another shape, or not of floating point. */
export function compareArrays(
  { format, found }: { format: Pick<NameFormat, 'name' | 'layout' | 'names'>; found: Encoder['found'] },
  arrays: ReadonlyMap<string, ArrayInfo>,
  variables: readonly Pick<EncoderVariable, 'name' | 'shape'>[],
): string[] {
  const names = format.names(variables)
  const expected = new Set(names)
  const differences = variables.map(({ name, shape }, i) => {
    const theirs = names[i]
    const wanted = `[${(format.layout === 'pytorch' ? pytorchShape(shape) : shape).join(', ')}]`
    if (theirs === undefined) return `no name in ${format.name} for ${name} ${wanted}`
    const file = found.get(theirs)
    if (file === undefined) return `missing ${theirs} ${wanted}`
    const array = arrays.get(file)!
    const came = `[${array.shape.join(', ')}]`
    if (came !== wanted) return `${file} is ${came}, not ${wanted}`
    return array.dtype === 'F32' || array.dtype === 'F64' ? undefined : `${file} is ${array.dtype}, not F32`
  })
  const unexpected = [...found].filter(([theirs]) => !expected.has(theirs))
  return [
    ...differences.filter((difference) => difference !== undefined),
    ...unexpected.map(([, file]) => `unexpected ${file} [${arrays.get(file)!.shape.join(', ')}]`),
  ]
}
