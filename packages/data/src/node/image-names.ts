/** The images that lie directly in a folder of a published dataset. */
import { readdir } from 'node:fs/promises'
import type { DatasetInfo, OpenOptions } from './dataset-definition.ts'
import { missingFile } from './read-list.ts'

/**
 * One reading of the folder, whatever its size.
 *
 * @param pattern What the names of images look like; other files are left out, and hidden ones (`._x.JPEG`) always.
 * @returns names sorted by code unit; none for a folder that is missing with `allowPartial`.
 * @throws SimclrError naming the folder, if it cannot be read otherwise.
 */
export async function imageNames(
  folder: string,
  pattern: RegExp,
  { info, allowPartial = false }: Pick<OpenOptions, 'allowPartial'> & { readonly info: DatasetInfo },
): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (allowPartial && error.code === 'ENOENT') return []
    throw missingFile(folder, info, error)
  })
  return names.filter((name) => pattern.test(name) && !name.startsWith('.')).sort()
}
