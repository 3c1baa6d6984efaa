/** What a reader can do about an incomplete copy of a dataset. */
import type { DatasetInfo } from './dataset-definition.ts'

/** @param partial Whether the dataset can also be opened as it is. */
export function whereToGet({ name }: DatasetInfo, { partial = false }: { partial?: boolean } = {}): string {
  const where = `"simclr data info ${name}" shows the archives and where to unpack them.`
  return partial ? `${where} To go on with what there is, pass allowPartial (--allow-partial).` : where
}
