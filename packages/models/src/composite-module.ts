/** A module made of other modules. */
import type { ApplyOptions, Module, Parameter, StateVariable } from '@simclr/core'
import type { Tensor } from '@tensorflow/tfjs-core'

/** Its parameters and state are those of its children, in their order; disposing it disposes them. */
export abstract class CompositeModule<Input extends Tensor, Output extends Tensor>
  implements Module<Input, Output>
{
  protected abstract readonly children: readonly Module[]

  abstract apply(x: Input, options: ApplyOptions): Output

  parameters(): Parameter[] {
    return this.children.flatMap((child) => child.parameters())
  }

  state(): StateVariable[] {
    return this.children.flatMap((child) => child.state())
  }

  dispose(): void {
    for (const child of this.children) child.dispose()
  }
}
