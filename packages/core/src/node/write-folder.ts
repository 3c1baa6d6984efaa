/** Folders that appear whole or not at all: written under a temporary name, flushed, then renamed. */
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { flushFolder } from './flush-folder.ts'

const WRITING = '.writing-'

/** Contents that come in parts are asked for when their file is written, one file after the other. */
export type FileContent = Uint8Array | string | AsyncIterable<Uint8Array | string>

/**
 * Writes files into a folder that appears under its name only when all of them are on the disk.
 *
 * @param path The folder; one that is there already is replaced.
 * @throws the file system's error, e.g. ENOSPC; nothing is left behind then.
 */
export async function writeFolder(path: string, files: ReadonlyMap<string, FileContent>): Promise<void> {
  const parent = dirname(path)
  const temporary = join(parent, `${WRITING}${process.pid}-${Date.now()}`)
  await mkdir(temporary, { recursive: true })
  try {
    for (const [name, content] of files) await writeAndFlush(join(temporary, name), content)
    await rm(path, { recursive: true, force: true })
    await rename(temporary, path)
    await flushFolder(parent)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}

/** Removes what killed processes left in a folder that {@link writeFolder} writes into. */
export async function removeUnfinished(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names) {
    if (name.startsWith(WRITING)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

async function writeAndFlush(path: string, content: FileContent): Promise<void> {
  const file = await open(path, 'w')
  try {
    await writeFile(file, content)
    await file.sync()
  } finally {
    await file.close()
  }
}
