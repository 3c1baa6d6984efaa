/** Datasets whose files may lie in one of several places. */
import { access } from 'node:fs/promises'

/**
 * @param paths At least one.
 * @returns the first path at which there is a file or folder; the last one if there is none, for an error to name.
 */
export async function firstPresent(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const present = await access(path).then(
      () => true,
      () => false,
    )
    if (present) return path
  }
  return paths.at(-1)!
}
