/** Encoder and projection head together: what SimCLR pretrains (paper section 2.1). */
import type { ApplyOptions, Module, Parameter, StateVariable } from '@simclr/core'
import { type Tensor2D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'

export interface SimclrNetworkOptions<
  Encoder extends Module<Tensor4D, Tensor2D>,
  Projection extends Module<Tensor2D, Tensor2D>,
> {
  readonly encoder: Encoder
  readonly projection: Projection
}

/**
 * Owns both parts and names their variables `encoder.…` and `projection.…`. Apply it to both views in one batch
 * `[2N, h, w, 3]`, so that batch normalisation sees both.
 *
 * @example
 * const encoder = new ResNet({ depth: 18, stem: 'cifar' })
 * const projection = new ProjectionHead({ inputWidth: encoder.featureWidth })
 * const network = new SimclrNetwork({ encoder, projection })
 * const hidden = network.apply(views, { training: true })
 */
export class SimclrNetwork<
  Encoder extends Module<Tensor4D, Tensor2D> = Module<Tensor4D, Tensor2D>,
  Projection extends Module<Tensor2D, Tensor2D> = Module<Tensor2D, Tensor2D>,
> implements Module<Tensor4D, Tensor2D>
{
  /** Images to features h, which every evaluation uses. */
  readonly encoder: Encoder
  /** Features to embeddings z, which only the loss uses. */
  readonly projection: Projection

  constructor({ encoder, projection }: SimclrNetworkOptions<Encoder, Projection>) {
    this.encoder = encoder
    this.projection = projection
  }

  /** @returns Embeddings `[n, outputWidth]`; the caller disposes them. */
  apply(x: Tensor4D, options: ApplyOptions): Tensor2D {
    return tidy(() => this.projection.apply(this.encoder.apply(x, options), options))
  }

  parameters(): Parameter[] {
    return [
      ...prefixed('encoder', this.encoder.parameters()),
      ...prefixed('projection', this.projection.parameters()),
    ]
  }

  state(): StateVariable[] {
    return [...prefixed('encoder', this.encoder.state()), ...prefixed('projection', this.projection.state())]
  }

  dispose(): void {
    this.encoder.dispose()
    this.projection.dispose()
  }
}

function prefixed<T extends { name: string }>(prefix: string, variables: T[]): T[] {
  return variables.map((variable) => ({ ...variable, name: `${prefix}.${variable.name}` }))
}
