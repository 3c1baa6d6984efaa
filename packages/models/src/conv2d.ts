/** Square convolution without bias, padded as the official resnet.py pads. */
import type { ApplyOptions, Module, Parameter, StateVariable } from '@simclr/core'
import { conv2d, type Tensor4D } from '@tensorflow/tfjs-core'
import { varianceScaling } from './initializers.ts'
import { createKernel, type LayerContext } from './layer.ts'

export interface Conv2dOptions {
  /** Prefix of the parameter name: `${name}.kernel`. */
  readonly name: string
  readonly inputWidth: number
  readonly outputWidth: number
  /** Height and width of the kernel; odd. */
  readonly size: number
  readonly stride: number
}

/**
 * `[n, h, w, inputWidth]` to `[n, ceil(h / stride), ceil(w / stride), outputWidth]`; the kernel is
 * `[size, size, in, out]`. Both sides are padded by (size − 1) / 2 at every stride, where TensorFlow's SAME would
 * shift a strided kernel by one pixel.
 */
export class Conv2d implements Module<Tensor4D, Tensor4D> {
  readonly kernel: Parameter
  private readonly stride: number
  private readonly padding: number

  constructor({ name, inputWidth, outputWidth, size, stride }: Conv2dOptions, context: LayerContext) {
    const shape = [size, size, inputWidth, outputWidth]
    this.kernel = createKernel(`${name}.kernel`, shape, varianceScaling, context)
    this.stride = stride
    this.padding = (size - 1) / 2
  }

  apply(x: Tensor4D, _options?: ApplyOptions): Tensor4D {
    return conv2d(x, this.kernel.value as unknown as Tensor4D, this.stride, this.padding)
  }

  parameters(): Parameter[] {
    return [this.kernel]
  }

  state(): StateVariable[] {
    return []
  }

  dispose(): void {
    this.kernel.value.dispose()
  }
}
