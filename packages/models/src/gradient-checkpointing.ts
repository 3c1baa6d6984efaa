/** Memory for time: what a module computes inside is not kept for the backward pass but computed again (Chen et al. 2016). */
import type { ApplyOptions, Module } from '@simclr/core'
import {
  clone,
  customGrad,
  dispose,
  engine,
  type GradSaveFunc,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'

/**
 * A module with the same values, gradients, parameters and moving statistics as the one inside, of which only the
 * input is kept between forward and backward pass. Differentiable once.
 */
export class GradientCheckpointing<Input extends Tensor, Output extends Tensor> extends CompositeModule<
  Input,
  Output
> {
  protected readonly children: readonly [Module<Input, Output>]

  constructor(inside: Module<Input, Output>) {
    super()
    this.children = [inside]
  }

  override apply(x: Input, options: ApplyOptions): Output {
    const [inside] = this.children
    const parameters = inside.parameters().map(({ value }) => value)
    const operation = customGrad<Output>((...args) => {
      const save = args[args.length - 1] as GradSaveFunc
      save([x])
      const gradFunc = (dy: Output, [input]: Tensor[]): Tensor[] =>
        tidy(() => {
          const again = () => inside.apply(input as Input, options)
          return keepingState(inside, () => gradients(again, [input!, ...parameters], dy))
        })
      return { value: inside.apply(x, options), gradFunc }
    })
    return operation(x, ...parameters)
  }
}

/** Runs `work` and then puts the moving statistics back: the forward pass has moved them already. */
function keepingState<T>(module: Module, work: () => T): T {
  const state = module.state().map(({ value }) => value)
  const before = state.map((value) => clone(value))
  try {
    return work()
  } finally {
    state.forEach((value, i) => {
      value.assign(before[i]!)
    })
    dispose(before)
  }
}

/** Gradients of `f()` where the one of its value is `dy`, computed within the backward pass of an outer tape. */
function gradients(f: () => Tensor, inputs: Tensor[], dy: Tensor): Tensor[] {
  const { state } = engine()
  const outerTape = state.activeTape
  try {
    return engine().gradients(f, inputs, dy).grads
  } finally {
    state.activeTape = outerTape
  }
}
