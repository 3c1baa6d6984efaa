/** The weights of a module as plain arrays: what a checkpoint stores. */
import { type Module, SimclrError, type StateVariable } from '@simclr/core'
import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core'
import type { SafetensorsArray } from './files/safetensors.ts'
import type { ArrayInfo, WeightFile } from './files/weight-file.ts'

/** Arrays by parameter name, as {@link encodeSafetensors} takes and {@link decodeSafetensors} gives them. */
export type Weights = Map<string, SafetensorsArray>

/**
 * Copies of all parameters and moving statistics, parameters first, in the module's order. All reads start before the
 * call returns: the copies are of one moment.
 */
export async function moduleWeights(module: Module): Promise<Weights> {
  return new Map(
    await Promise.all(
      variablesOf(module).map(async ({ name, value }): Promise<[string, SafetensorsArray]> => {
        const { shape } = value
        return [name, { dtype: 'F32', shape, values: (await value.data<'float32'>()).slice() }]
      }),
    ),
  )
}

/**
 * Sets all parameters and moving statistics of a module. Either all change or none.
 *
 * @param weights Exactly one F32 array for every variable, of its shape.
 * @throws SimclrError that lists every array that is missing, unexpected, or of another shape or dtype.
 */
export function loadWeights(module: Module, weights: ReadonlyMap<string, SafetensorsArray>): void {
  const variables = variablesOf(module)
  checkFit('loadWeights: weights', variables, weights)
  for (const { name, value } of variables) assign(value, weights.get(name)!)
}

/**
 * As {@link loadWeights}, with one array in memory at a time.
 *
 * @throws SimclrError as `loadWeights`, before anything changes; or if the file is damaged, when some variables may have
 *   changed.
 */
export async function loadWeightFile(module: Module, file: WeightFile): Promise<void> {
  const variables = variablesOf(module)
  checkFit(file.name, variables, file.arrays)
  for (const { name, value } of variables) assign(value, await file.read(name))
}

/**
 * The weights under a prefix, without it: `weightsUnder('encoder', networkWeights)` fit the encoder alone.
 *
 * @param prefix Without the dot behind it.
 */
export function weightsUnder(prefix: string, weights: ReadonlyMap<string, SafetensorsArray>): Weights {
  const start = `${prefix}.`
  return new Map(
    [...weights]
      .filter(([name]) => name.startsWith(start))
      .map(([name, array]) => [name.slice(start.length), array]),
  )
}

function variablesOf(module: Module): StateVariable[] {
  return [...module.parameters(), ...module.state()]
}

function assign(variable: Variable, { values }: SafetensorsArray): void {
  tidy(() => variable.assign(tensor(values as Float32Array, variable.shape, 'float32')))
}

function checkFit(
  parameter: string,
  variables: readonly StateVariable[],
  arrays: ReadonlyMap<string, ArrayInfo>,
): void {
  const names = new Set(variables.map(({ name }) => name))
  const problems = [
    ...variables.map(({ name, value }) => mismatch(name, value.shape, arrays.get(name))),
    ...[...arrays.keys()].filter((name) => !names.has(name)).map((name) => `unexpected ${name}`),
  ].filter((problem) => problem !== undefined)
  if (problems.length === 0) return
  throw new SimclrError({
    parameter,
    expected: 'one F32 array for each variable of the module and no other',
    received: problems.join('; '),
    remedy: 'Build the module with the options that the weights were saved with.',
  })
}

function mismatch(name: string, shape: number[], array: ArrayInfo | undefined): string | undefined {
  const wanted = `F32 [${shape.join(', ')}]`
  if (array === undefined) return `missing ${name} (${wanted})`
  const found = `${array.dtype} [${array.shape.join(', ')}]`
  return found === wanted ? undefined : `${name} is ${found}, not ${wanted}`
}
