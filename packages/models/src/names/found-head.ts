/** The arrays of a head in a file of weights, and how they become its variables. */
import { type Module, SimclrError } from '@simclr/core'
import { tensor, tidy } from '@tensorflow/tfjs-core'
import type { ArrayInfo, WeightFile } from '../files/weight-file.ts'
import { compareArrays } from './compare-arrays.ts'
import type { NameFormat } from './name-format.ts'
import { readVariable } from './read-variable.ts'
import { summarize } from './summarize.ts'

export interface FoundHead {
  /** `simclr`, `tensorflow` or `pytorch`. */
  readonly name: string
  readonly layout: NameFormat['layout']
  /** The name in the file by the name of our variable. */
  readonly found: ReadonlyMap<string, string>
}

/** Slow copies of another head in the same file. */
const COPY = /momentum|encoder_k|target|teacher|ema[._]/

/** Names of arrays in the file's order, without the heads of slow copies. */
export function headNames(arrays: ReadonlyMap<string, ArrayInfo>): string[] {
  return [...arrays.keys()].filter((name) => !COPY.test(name))
}

/** The length of a variable's axis in our order; undefined if the head lacks it. */
export function axisOf(
  { found, layout }: FoundHead,
  arrays: ReadonlyMap<string, ArrayInfo>,
  name: string,
  axis: 0 | 1,
): number | undefined {
  const shape = arrays.get(found.get(name) ?? '')?.shape
  return layout === 'pytorch' ? shape?.toReversed()[axis] : shape?.[axis]
}

/**
 * Sets every variable of a head, one array in memory at a time.
 *
 * @returns The head; it is disposed if this throws.
 * @throws SimclrError that lists the arrays that are missing, unexpected or of another shape, or if the file is damaged.
 */
export async function loadFoundHead<T extends Module>(
  head: T,
  found: FoundHead,
  file: WeightFile,
): Promise<T> {
  try {
    const variables = [...head.parameters(), ...head.state()]
    checkHead(
      found,
      file,
      variables.map(({ name, value }) => ({ name, shape: value.shape })),
    )
    for (const { name, value } of variables) {
      const values = await readVariable(file, found.found.get(name)!, value.shape, found.layout)
      tidy(() => value.assign(tensor(values, value.shape, 'float32')))
    }
    return head
  } catch (error) {
    head.dispose()
    throw error
  }
}

function checkHead(
  { name, layout, found }: FoundHead,
  file: WeightFile,
  variables: readonly { name: string; shape: readonly number[] }[],
): void {
  const format = { name, layout, names: () => variables.map((variable) => variable.name) }
  const differences = compareArrays({ format, found }, file.arrays, variables)
  if (differences.length === 0) return
  throw new SimclrError({
    parameter: `head of ${file.name}`,
    expected: `${variables.length} arrays that fit each other`,
    received: `${name} arrays that differ: ${summarize(differences)}`,
    remedy: 'Only heads as SimCLR has them can be imported.',
  })
}
