/** One array of a file as a variable takes it. */
import type { WeightFile } from '../files/weight-file.ts'
import type { NameFormat } from './name-format.ts'
import { fromPytorchLayout } from './pytorch-layout.ts'

/**
 * @param name In the file; the array is F32 or F64.
 * @param shape In our order of axes.
 * @returns F32 values in our order of axes, in new memory.
 */
export async function readVariable(
  file: WeightFile,
  name: string,
  shape: readonly number[],
  layout: NameFormat['layout'],
): Promise<Float32Array> {
  const { values } = await file.read(name)
  const floats = values instanceof Float32Array ? values : Float32Array.from(values as Float64Array)
  return layout === 'pytorch' ? fromPytorchLayout(floats, shape) : floats
}
