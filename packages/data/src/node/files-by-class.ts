/** Images that are kept class by class. */
import type { ImageList } from './file-dataset.ts'
import type { ImageFile } from './image-file.ts'

/** @param classes The images of each class, by its number. */
export function filesByClass(classes: readonly (readonly ImageFile[])[]): ImageList {
  const files = classes.flat()
  const labels = new Int32Array(files.length)
  let start = 0
  for (const [label, { length }] of classes.entries()) {
    labels.fill(label, start, start + length)
    start += length
  }
  return { files, labels }
}
