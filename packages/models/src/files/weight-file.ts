/** What every reader of a weight file gives: which arrays there are, and each of them when it is asked for. */
import type { SafetensorsArray } from './safetensors.ts'

/** Dtypes of files, by their safetensors names; F16 and BF16 are read as F32. */
export type WeightDtype = SafetensorsArray['dtype']

export interface ArrayInfo {
  readonly dtype: WeightDtype
  readonly shape: readonly number[]
}

export interface WeightFile {
  /** Names the file in errors. */
  readonly name: string
  /** By the names that the file uses, in its order. */
  readonly arrays: ReadonlyMap<string, ArrayInfo>
  /**
   * @returns One array in new memory.
   * @throws SimclrError if there is none of this name, or its bytes are damaged.
   */
  read(name: string): Promise<SafetensorsArray>
}
