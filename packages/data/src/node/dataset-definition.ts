/** What is known about a published dataset, and how its folder is opened. */
import type { Dataset, SplitName } from '../dataset.ts'
import type { Metric } from '../metric.ts'
import type { DecodingOptions } from './decoding-options.ts'

/** A file that the dataset's authors publish. */
export interface Archive {
  readonly file: string
  readonly bytes?: number
  readonly md5?: string
  readonly sha256?: string
  /** The folder to unpack it in, relative to the dataset's; default: the dataset's folder itself. */
  readonly unpackIn?: string
}

export interface DatasetInfo {
  /** What a SPEC calls it, `food101`. */
  readonly name: string
  /** What people call it, `Food-101`. */
  readonly title: string
  /** Where its authors publish it. */
  readonly homepage: string
  readonly classes: number
  /** Images in each split that it has. */
  readonly counts: { readonly train: number } & Partial<Readonly<Record<SplitName, number>>>
  /** What the transfer protocol reports (paper, appendix B.8); absent for datasets that are not part of it. */
  readonly metric?: Metric
  readonly archives: readonly Archive[]
  /** The files that must lie in the folder, one path a line, with a remark after two blanks or more. */
  readonly layout: string
  /** What a user should know: noise, missing images, how splits were chosen. */
  readonly notes?: readonly string[]
}

export interface OpenOptions extends DecodingOptions {
  /** Opens what there is of an incomplete copy, with a warning that counts what is missing. Default false. */
  readonly allowPartial?: boolean
}

/** A dataset that {@link openDataset} knows by name. */
export interface DatasetDefinition {
  readonly info: DatasetInfo
  /** @returns the training split; close it when done. */
  open(folder: string, options?: OpenOptions): Promise<Dataset>
}
