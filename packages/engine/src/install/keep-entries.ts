/** Thins out folders. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes the entries of a folder whose names do not pass; does nothing if there is no such folder. */
export async function keepEntries(folder: string, isKept: (name: string) => boolean): Promise<void> {
  for (const name of await listEntries(folder)) {
    if (!isKept(name)) await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** The names in a folder; none if there is no such folder. */
export async function listEntries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
