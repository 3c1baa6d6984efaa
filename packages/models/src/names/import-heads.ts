/** Every head that a file of weights holds beside its encoder. */
import { SimclrError } from '@simclr/core'
import type { WeightFile } from '../files/weight-file.ts'
import type { LinearHead } from '../linear-head.ts'
import type { ProjectionHead } from '../projection-head.ts'
import { findLinearHead } from './find-linear-head.ts'
import { hasProjectionHead } from './find-projection-head.ts'
import { importLinearHead } from './import-linear-head.ts'
import { importProjectionHead } from './import-projection-head.ts'

export interface ImportedHeads {
  readonly projection?: ProjectionHead
  readonly classifier?: LinearHead
}

/**
 * Imports the heads that there are and that our heads can express.
 *
 * @param onRefused Receives the error of each head that is there but cannot be imported.
 * @returns The heads, which the caller disposes.
 */
export async function importHeads(
  file: WeightFile,
  onRefused: (error: SimclrError) => void,
): Promise<ImportedHeads> {
  const attempt = async <T>(importHead: (file: WeightFile) => Promise<T>): Promise<T | undefined> =>
    importHead(file).catch((error) => {
      if (!(error instanceof SimclrError)) throw error
      onRefused(error)
      return undefined
    })
  const projection = hasProjectionHead(file) ? await attempt(importProjectionHead) : undefined
  const classifier = findLinearHead(file) ? await attempt(importLinearHead) : undefined
  return { ...(projection && { projection }), ...(classifier && { classifier }) }
}
