/** Rows of features on the engine, in blocks, as logistic regression walks through them. */
import { dispose, mean, sub, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import type { Features } from './features.ts'
import type { LogisticLoss } from './logistic-loss.ts'

export interface LogisticRows {
  readonly blocks: readonly {
    /** `[rows, width]`, centred. */
    readonly inputs: Tensor2D
    /** What the loss compares logits with: `[classes, rows]`. */
    readonly targets: Tensor2D
  }[]
  /** `[1, width]`: what has been subtracted from the features, about their mean. */
  readonly center: Tensor2D
  dispose(): void
}

/** Elements of the logits of one block: 64 MiB of float32. */
const BLOCK_ELEMENTS = 2 ** 24

/** Uploads features less their mean; dispose the result. */
export function logisticRows(
  { features, width }: Features,
  { classes, rows, targets }: LogisticLoss,
): LogisticRows {
  const blockRows = Math.max(1, Math.floor(BLOCK_ELEMENTS / classes))
  const upload = (start: number, end: number): Tensor2D =>
    tensor2d(features.subarray(start * width, end * width), [end - start, width])
  // The first block's mean: any constant gives the same classifier.
  const center = tidy(() => mean<Tensor2D>(upload(0, Math.min(blockRows, rows)), 0, true))
  const starts = Array.from({ length: Math.ceil(rows / blockRows) }, (_, block) => block * blockRows)
  const blocks = starts.map((start) => {
    const end = Math.min(start + blockRows, rows)
    return { inputs: tidy(() => sub<Tensor2D>(upload(start, end), center)), targets: targets(start, end) }
  })
  return {
    blocks,
    center,
    dispose: () => dispose([center, ...blocks.flatMap(({ inputs, targets }) => [inputs, targets])]),
  }
}
