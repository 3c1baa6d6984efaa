/** Which views are made of which images: what `views-worker.ts` and `peers/views.py` get as JSON. */
export interface ViewCase {
  /** Folder of the images; null: uint8 images of the views' size in memory. */
  readonly folder: string | null
  /** Images of a pass. */
  readonly images: number
  /** Height and width of the views in pixels. */
  readonly size: number
  /** Strength of the colour distortion. */
  readonly strength: number
  readonly blur: boolean
  /** Images of a batch, which has two views of each. */
  readonly batchSize: number
  /** Threads that compute. */
  readonly threads: number
  /** Processes of torch's DataLoader and threads that decode for us; 0: none, one. */
  readonly workers: number
}
