import { PRODUCER } from '../export/producer.ts'
import { fromPytorchLayout } from '../names/pytorch-layout.ts'
import type { OnnxFile } from './open-onnx.ts'
import type { ArrayInfo, WeightFile } from './weight-file.ts'

/**
 * A file of `encodeOnnx` as its modules had it: convolution kernels are `[h, w, in, out]` again, and the integers that
 * only ONNX's operators need are left out. Other programs' files are as they are.
 */
export function withOwnLayout(file: OnnxFile): WeightFile {
  if (file.producer !== PRODUCER.name) return file
  const arrays = new Map(
    [...file.arrays]
      .filter(([, { dtype }]) => dtype === 'F32')
      .map(([name, { dtype, shape }]): [string, ArrayInfo] => [name, { dtype, shape: ownShape(shape) }]),
  )
  return {
    name: file.name,
    arrays,
    async read(name) {
      const array = await file.read(name)
      if (array.shape.length !== 4) return array
      const shape = ownShape(array.shape)
      return { dtype: 'F32', shape, values: fromPytorchLayout(array.values as Float32Array, shape) }
    },
  }
}

function ownShape(shape: readonly number[]): readonly number[] {
  const [output, input, height, width] = shape
  return shape.length === 4 ? [height!, width!, input!, output!] : shape
}
