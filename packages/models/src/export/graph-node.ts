/** The operations of an encoder and its head in inference: what every export format must be able to say. */

/** Images in NHWC, as everywhere in these packages; the formats' writers convert where they must. */
export type GraphOperation =
  | { readonly op: 'identity' | 'relu' | 'sigmoid' | 'add' | 'subtract' | 'multiply' }
  /** `${name}.kernel` is `[size, size, in, out]`; `padding` zeros on each side of height and width. */
  | { readonly op: 'convolution'; readonly stride: number; readonly padding: number }
  /** `${name}.gamma`, `.beta`, `.moving_mean` and `.moving_variance`, all `[channels]`; the last axis is normalised. */
  | { readonly op: 'batchNorm'; readonly epsilon: number }
  /** `${name}.kernel` is `[in, out]`; `bias` says whether there is a `${name}.bias`. */
  | { readonly op: 'dense'; readonly bias: boolean }
  /** Zeros around height and width. */
  | { readonly op: 'pad'; readonly before: number; readonly after: number }
  /** `same` is TensorFlow's: the odd pixel comes after the image, and padding counts in no maximum and no mean. */
  | {
      readonly op: 'maxPool' | 'averagePool'
      readonly size: number
      readonly stride: number
      readonly padding: 'same' | 'valid'
    }
  /** The mean over height and width; `keepAxes` leaves them with length 1. */
  | { readonly op: 'spatialMean'; readonly keepAxes: boolean }
  /** Channels `[begin, end)`. */
  | { readonly op: 'channels'; readonly begin: number; readonly end: number }

/** An operation on the values of other nodes; its weights are named after it. */
export type GraphNode = GraphOperation & {
  /** Unique in the graph; other nodes refer to its value by it. */
  readonly name: string
  readonly inputs: readonly string[]
}
