import { SimclrError } from '@simclr/core'
import { type SafetensorsOptions, safetensorsBytes } from './safetensors.ts'
import { safetensorsLayout } from './safetensors-layout.ts'
import type { WeightFile } from './weight-file.ts'

/**
 * Writes a safetensors file part by part, for files that do not fit in memory: the header, then one array at a time.
 * Joined, the parts are the bytes of `encodeSafetensors`.
 *
 * @param source Which arrays there are, and each of them when its turn comes: an open file, or anything that computes
 *   its arrays.
 * @returns Parts to write in this order; each is valid until the next is asked for.
 * @throws SimclrError if an array is of another dtype or shape than announced, or named `__metadata__`.
 */
export async function* safetensorsParts(
  source: Pick<WeightFile, 'arrays' | 'read'>,
  { metadata = new Map() }: SafetensorsOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const { header, order } = safetensorsLayout(source.arrays, metadata)
  yield header
  for (const name of order) {
    const announced = source.arrays.get(name)!
    const array = await source.read(name)
    const bytes = safetensorsBytes(name, array)
    if (describe(array) !== describe(announced)) {
      throw new SimclrError({
        parameter: `safetensorsParts: "${name}"`,
        expected: describe(announced),
        received: describe(array),
      })
    }
    yield bytes
  }
}

function describe({ dtype, shape }: { dtype: string; shape: readonly number[] }): string {
  return `${dtype} [${shape.join(', ')}]`
}
