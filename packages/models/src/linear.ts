/** Dense layer, initialised as the official model.py does: kernel from N(0, 0.01²), bias 0. */
import type { ApplyOptions, Module, Parameter, StateVariable } from '@simclr/core'
import { add, matMul, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { smallNormal } from './initializers.ts'
import { createKernel, createParameter, type LayerContext } from './layer.ts'

export interface LinearOptions {
  /** Prefix of the parameter names: `${name}.kernel`, `${name}.bias`. */
  readonly name: string
  readonly inputWidth: number
  readonly outputWidth: number
  readonly bias: boolean
}

/** `[n, inputWidth]` to `[n, outputWidth]`; the kernel is `[in, out]`. */
export class Linear implements Module<Tensor2D, Tensor2D> {
  readonly kernel: Parameter
  readonly bias: Parameter | undefined

  constructor({ name, inputWidth, outputWidth, bias }: LinearOptions, context: LayerContext) {
    const shape = [inputWidth, outputWidth]
    this.kernel = createKernel(`${name}.kernel`, shape, smallNormal, context)
    if (bias) {
      const zeros = new Float32Array(outputWidth)
      this.bias = createParameter(`${name}.bias`, 'bias', [outputWidth], zeros, !context.frozen)
    }
  }

  apply(x: Tensor2D, _options?: ApplyOptions): Tensor2D {
    return tidy(() => {
      const product: Tensor2D = matMul(x, this.kernel.value as unknown as Tensor2D)
      return this.bias === undefined ? product : add(product, this.bias.value)
    })
  }

  parameters(): Parameter[] {
    return this.bias === undefined ? [this.kernel] : [this.kernel, this.bias]
  }

  state(): StateVariable[] {
    return []
  }

  dispose(): void {
    for (const { value } of this.parameters()) value.dispose()
  }
}
