/** What a rank of `simclr bench scale` measures. */
export interface RankTimes {
  readonly ranks: number
  /** Of a step, of all ranks together. */
  readonly stepSeconds: number
  /** Of a sum of 4 kB over the ranks. */
  readonly smallReduceSeconds: number
  /** Of a sum of `largeBytes`. */
  readonly largeReduceSeconds: number
  readonly largeBytes: number
  /** Name and version of the MPI library. */
  readonly version: string
  /** Elements of all gradients. */
  readonly parameters: number
  /** Of each batch normalisation layer. */
  readonly batchNormChannels: readonly number[]
}
