/** Line maps as matrices, for the batched matrix products that apply them. */
import { type Tensor3D, tensor3d } from '@tensorflow/tfjs-core'
import type { LineMap } from './draw/line-map.ts'

/**
 * Writes each map of lines of `inputLength` pixels as a matrix.
 *
 * @param side From which side the matrices multiply the images.
 * @returns `left` (for columns): `[n, outputs, inputLength]`; `right` (for rows): `[n, inputLength, outputs]`. The
 * caller disposes it.
 */
export function lineMatrices(
  maps: readonly LineMap[],
  inputLength: number,
  side: 'left' | 'right',
): Tensor3D {
  const outputLength = maps[0]!.starts.length
  const [outputStride, inputStride] = side === 'left' ? [inputLength, 1] : [1, outputLength]
  const matrices = new Float32Array(maps.length * outputLength * inputLength)
  maps.forEach(({ origin, starts, counts, weights, stride }, map) => {
    for (let i = 0; i < outputLength; i++) {
      let element = map * outputLength * inputLength + i * outputStride + (origin + starts[i]!) * inputStride
      for (let tap = i * stride; tap < i * stride + counts[i]!; tap++) {
        matrices[element] = weights[tap]!
        element += inputStride
      }
    }
  })
  return side === 'left'
    ? tensor3d(matrices, [maps.length, outputLength, inputLength])
    : tensor3d(matrices, [maps.length, inputLength, outputLength])
}
