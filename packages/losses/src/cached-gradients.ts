/**
 * Gradient caching (Gao et al. 2021, "Scaling deep contrastive learning batch size under memory limited setup"): the
 * gradients of a contrastive loss over more images than a network can hold the activations of.
 */
import { addEach, checkInteger, type Module, SimclrError, valueAndGradients } from '@simclr/core'
import {
  clone,
  concat,
  dispose,
  mul,
  type Scalar,
  slice,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core'

export interface CachedGradientsOptions<Input extends Tensor> {
  /** Maps views `[2n, …]` to projections `[2n, D]`; applied in training mode. */
  readonly network: Module<Input, Tensor2D>
  /** `[2N, …]`: all first views, then all second views. Not disposed. */
  readonly views: Input
  /** Of all projections `[2N, D]`, e.g. `(hidden) => ntXent(hidden, { temperature: 0.1 })`. */
  readonly loss: (hidden: Tensor2D) => Scalar
  /** With respect to which gradients are taken; each must influence the projections. */
  readonly variables: readonly Variable[]
  /** Images of which both views are encoded at once, at least 1. The last chunk may be smaller. */
  readonly chunkImages: number
}

export type CachedGradients = {
  readonly value: Scalar
  /** In the order of the variables, float32 and shaped like them. */
  readonly gradients: Tensor[]
  /** The projections `[2N, D]` that the loss was taken of. */
  readonly hidden: Tensor2D
}

/**
 * Encodes the views in chunks without keeping what a backward pass needs, takes the loss of all projections and its
 * gradient with respect to them, and then encodes each chunk again with that gradient. Activations of one chunk are
 * held at a time; every image keeps all negatives of the batch, which accumulating the gradients of small batches
 * would not give it. It costs one forward pass more.
 *
 * Without batch normalisation the gradients are those of the whole batch at once. With it, each chunk is normalised by
 * the statistics of its own 2·chunkImages views, as devices that do not share statistics do, and the moving statistics
 * take one step per chunk: the second encoding leaves them alone.
 *
 * @returns Tensors that the caller disposes.
 * @throws SimclrError if the number of views is odd, chunkImages is not positive, or a variable has no influence.
 * @example
 * const variables = network.parameters().map(({ value }) => value)
 * const loss = (hidden) => ntXent(hidden, { temperature: 0.1 })
 * const { value, gradients } = cachedGradients({ network, views, loss, variables, chunkImages: 64 })
 */
export function cachedGradients<Input extends Tensor>({
  network,
  views,
  loss,
  variables,
  chunkImages,
}: CachedGradientsOptions<Input>): CachedGradients {
  checkInteger('cachedGradients: chunkImages', chunkImages, 1)
  const pairs = countImages(views)
  const starts = Array.from({ length: Math.ceil(pairs / chunkImages) }, (_, i) => i * chunkImages)
  const chunk = <T extends Tensor>(all: T, start: number): T =>
    takePairs(all, start, Math.min(chunkImages, pairs - start))
  const encode = (start: number): Tensor2D =>
    tidy(() => network.apply(chunk(views, start), { training: true }))

  return tidy(() => {
    const hidden = joinPairs(starts.map(encode))
    const leaf = variable(hidden)
    const { value, gradients: ofHidden } = valueAndGradients(() => loss(leaf as unknown as Tensor2D), [leaf])
    leaf.dispose()

    const state = network.state().map(({ value }) => value)
    const statistics = state.map((statistic) => clone(statistic))
    const gradients = starts.reduce<Tensor[]>((total, start) => {
      const next = tidy(() => {
        const outer = chunk(ofHidden[0]!, start)
        const own = valueAndGradients(() => sum(mul(encode(start), outer)), variables).gradients
        return total.length === 0 ? own : addEach(total, own)
      })
      dispose(total)
      return next
    }, [])
    state.forEach((statistic, i) => {
      statistic.assign(statistics[i]!)
    })
    return { value, gradients, hidden }
  })
}

function countImages({ shape }: Tensor): number {
  const [rows = 0] = shape
  if (rows > 0 && rows % 2 === 0) return rows / 2
  throw new SimclrError({
    parameter: 'cachedGradients: views',
    expected: 'of shape [2N, …] (two views per image)',
    received: `shape [${shape.join(', ')}]`,
    remedy: 'Concatenate the two views along axis 0.',
  })
}

/** Both views of `count` images. */
function takePairs<T extends Tensor>(all: T, start: number, count: number): T {
  return tidy(() => {
    const [rows = 0, ...rest] = all.shape
    const views = [start, rows / 2 + start].map((row) =>
      slice(all, [row, ...rest.map(() => 0)], [count, ...rest]),
    )
    return concat(views) as T
  })
}

/** The inverse of {@link takePairs} over consecutive chunks. */
function joinPairs(chunks: readonly Tensor2D[]): Tensor2D {
  return tidy(() => {
    const halves = [0, 1].flatMap((view) =>
      chunks.map((rows) => slice(rows, [(view * rows.shape[0]) / 2, 0], [rows.shape[0] / 2, -1])),
    )
    return concat(halves) as Tensor2D
  })
}
