/** A file that appears whole or not at all: written under a temporary name, flushed, then renamed. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { flushFolder } from './flush-folder.ts'

/**
 * @param path The file; one that is there already is replaced.
 * @param write Fills it from its beginning.
 * @throws what `write` throws and the file system's errors, e.g. ENOSPC; nothing is left behind then.
 */
export async function writeWholeFile(
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`
  try {
    const file = await open(temporary, 'w')
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await flushFolder(dirname(path))
}
