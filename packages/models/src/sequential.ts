/** Modules applied one after the other. */
import type { ApplyOptions, Module } from '@simclr/core'
import { dispose, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { CompositeModule } from './composite-module.ts'

/** Each takes the output of the one before it, which is disposed then; at least one. */
export class Sequential extends CompositeModule<Tensor4D, Tensor4D> {
  readonly children: readonly Module<Tensor4D, Tensor4D>[]

  constructor(children: readonly Module<Tensor4D, Tensor4D>[]) {
    super()
    this.children = children
  }

  override apply(x: Tensor4D, options: ApplyOptions): Tensor4D {
    return tidy(() =>
      this.children.reduce((hidden, child) => {
        const next = child.apply(hidden, options)
        if (hidden !== x) dispose(hidden)
        return next
      }, x),
    )
  }
}
