/** From a batch's bytes to the images that networks take. */
import {
  div,
  engine,
  getBackend,
  getKernel,
  type Tensor4D,
  tensor1d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core'
import type { ImageBatch } from './dataset.ts'

type Shape = [number, number, number, number]

/** The batch's images `[views·n, height, width, 3]`, float32 in [0, 1]. The caller disposes the result. */
export function imageTensor({ images, height, width }: ImageBatch): Tensor4D {
  const shape: Shape = [images.length / (height * width * 3), height, width, 3]
  return tidy(() => div(uploadBytes(images, shape), 255))
}

/** Uploads bytes as they are where the engine has a kernel that unpacks them, else as floats. */
function uploadBytes(bytes: Uint8Array, shape: Shape): Tensor4D {
  const isAligned = bytes.length % 4 === 0 && bytes.byteOffset % 4 === 0
  if (!isAligned || getKernel('UnpackBytes', getBackend()) === undefined)
    return tensor4d(bytes, shape, 'float32')
  const packed = tensor1d(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), 'int32')
  return engine().runKernel<Tensor4D>('UnpackBytes', { packed }, { shape })
}
