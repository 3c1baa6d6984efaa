/** What a report shows: plain data, so that any program can fill it. */

/** An RGB image: `width · height · 3` bytes, row by row, channels interleaved. */
export interface Picture {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** One training step, as the run's metrics file records it. A value that was not finite is NaN. */
export interface StepMetrics {
  readonly step: number
  /** Epochs done, with fractions. */
  readonly epoch: number
  /** NT-Xent, the mean over both views. */
  readonly loss: number
  /** Share of first views that find their second view among all second views of the batch, in [0, 1]. */
  readonly contrastiveAccuracy: number
  /** Entropy of that choice, in nats. */
  readonly contrastiveEntropy: number
  readonly learningRate: number
  readonly viewsPerSecond: number
  /** Share of the step's views that the online probe classifies correctly, in [0, 1]; absent in a run without one. */
  readonly probeAccuracy?: number
}

/** One online evaluation; step 0 is the untrained encoder. */
export interface Evaluation {
  readonly step: number
  readonly epoch: number
  /** In [0, 1]. */
  readonly accuracy: number
}

/** One headline number. */
export interface SummaryItem {
  readonly label: string
  readonly value: string
  readonly note?: string
}

/** One final accuracy: kNN, linear evaluation or a baseline. */
export interface Result {
  readonly name: string
  /** In [0, 1]. */
  readonly accuracy: number
  readonly detail?: string
}

/** The two views of one image, and the image itself. */
export interface ViewPair {
  readonly first: Picture
  readonly second: Picture
  readonly original?: Picture
}

/** A query image and the images whose embeddings are most similar to its own, nearest first. */
export interface Neighbourhood {
  readonly query: Picture
  readonly label?: string
  readonly nearest: readonly {
    readonly picture: Picture
    readonly label?: string
    /** Cosine similarity, in [−1, 1]. */
    readonly similarity: number
  }[]
}

/** How the two dimensions of an embedding map were made. */
export type MapMethod = 't-sne' | 'pca'

/** Embeddings in the plane, one point per image. */
export interface EmbeddingMap {
  readonly x: Float32Array | readonly number[]
  readonly y: Float32Array | readonly number[]
  /** Index into `classes` per point; undefined without labels. */
  readonly labels: Int32Array | undefined
  readonly classes: readonly string[]
  /** Named in the caption, with what one may not read from it. */
  readonly method?: MapMethod
}

/** Where and with what the run was computed. */
export interface EngineFacts {
  readonly name: string
  readonly version?: string
  readonly device?: string
  readonly threads?: number
}

/** Everything in a report. Every list may be empty: the report then says so. */
export interface ReportData {
  readonly title: string
  /** ISO 8601 date. */
  readonly created: string
  readonly summary: readonly SummaryItem[]
  /** The resolved configuration; nested objects are shown with dotted names. */
  readonly config: Readonly<Record<string, unknown>>
  readonly engine: EngineFacts
  readonly steps: readonly StepMetrics[]
  readonly evaluations: readonly Evaluation[]
  readonly results: readonly Result[]
  readonly viewPairs: readonly ViewPair[]
  readonly neighbours: readonly Neighbourhood[]
  readonly map: EmbeddingMap
}
