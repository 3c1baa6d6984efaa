/** Einstein summation. */
import { backend_util, type EinsumAttrs, type TensorInfo, upcastType } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'

export const einsumKernels: KernelTable = {
  Einsum: kernel<TensorInfo[], EinsumAttrs>(({ inputs, attrs: { equation }, backend, torch }) => {
    const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, inputs.length)
    backend_util.checkEinsumDimSizes(allDims.length, idDims, inputs as never)
    const sizes = new Array<number>(allDims.length)
    inputs.forEach(({ shape }, i) => {
      for (const [axis, dimension] of idDims[i]!.entries()) sizes[dimension] = shape[axis]!
    })
    const shape = sizes.slice(0, allDims.length - summedDims.length)
    const dtype = inputs.map((x) => x.dtype).reduce(upcastType)
    const handles = inputs.map((x) => backend.handle(x))
    return backend.output(torch.call('einsum', equation, handles, null), shape, dtype)
  }),
}
