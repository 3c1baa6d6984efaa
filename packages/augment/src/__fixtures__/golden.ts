/** The golden images of fixture 07 as tensors. */
import { type GoldenArray, readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import { concat, gather, type Tensor4D, tensor4d, tidy, transpose } from '@tensorflow/tfjs-core'

/** An operation of the official code, its arguments, and the name of its result. */
export interface GoldenOperation {
  key: string
  op: string
  factor: number
  delta: number
  sigma: number
  actual_kernel_size: number
  box_yxhw: [number, number, number, number]
  out: [number, number]
  impl: 'simclrv1' | 'simclrv2'
  perm: number[]
  factors_b_c_s_h: [number, number, number, number]
  degrees: number
  center_y: number
  center_x: number
  size: number
  noise_seed: number
  threshold: number
}

const arrays: Map<string, GoldenArray> = readGoldenArrays(new URL('./07_augment.safetensors', import.meta.url))
const { ops } = readGoldenJson<{ ops: GoldenOperation[] }>(new URL('./07_augment.json', import.meta.url))

export function goldenOperations(op: string): GoldenOperation[] {
  return ops.filter((operation) => operation.op === op)
}

/** The expected image of an operation, `[1, h, w, 3]`. */
export function goldenImage(key: string): Tensor4D {
  const { values, shape } = arrays.get(key)!
  return tensor4d(values, [1, ...shape] as [number, number, number, number])
}

/** The image that an operation got, `[1, h, w, 3]`. */
export function goldenInput({ key }: GoldenOperation): Tensor4D {
  return goldenImage(`${key.split('.')[0]}.f32`)
}

export function toPlanar(images: Tensor4D): Tensor4D {
  return transpose(images, [0, 3, 1, 2])
}

export function fromPlanar(images: Tensor4D): Tensor4D {
  return transpose(images, [0, 2, 3, 1])
}

/** `[count, 32, 32, 3]`: the first golden image, its rows rolled by another amount in each copy. */
export function goldenBatch(count: number): Tensor4D {
  return tidy(() => {
    const image = goldenImage('img0.f32')
    const rolled = (by: number) => Array.from({ length: 32 }, (_, row) => (row + by) % 32)
    return concat(Array.from({ length: count }, (_, i) => gather(image, rolled(7 * i), 1)))
  })
}
