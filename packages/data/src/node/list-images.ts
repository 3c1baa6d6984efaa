/** The image files of a folder, in an order that is the same on every machine. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'

/** Endings of files taken for images; what a file really holds is seen when it is decoded. */
const IMAGE_ENDING = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i

/** What lies directly in a folder, names sorted by code unit; hidden names (`.git`, `._x.jpg`) are left out. */
export interface FolderContents {
  readonly folders: string[]
  readonly images: string[]
}

/**
 * @param folder An existing folder; links are followed.
 * @throws SimclrError if it does not exist, is no folder or cannot be read.
 */
export async function readFolder(folder: string): Promise<FolderContents> {
  const folders: string[] = []
  const images: string[] = []
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(folder, error)
  })
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const target = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => entry) : entry
    if (target.isDirectory()) folders.push(entry.name)
    else if (IMAGE_ENDING.test(entry.name)) images.push(entry.name)
  }
  return { folders: folders.sort(), images: images.sort() }
}

/** Paths of all images in `folder` and below, its own before those of its sub-folders. */
export async function listImages(folder: string, above: readonly string[] = []): Promise<string[]> {
  const real = await realpath(folder)
  if (above.includes(real)) return [] // a link to a folder that contains it
  const { folders, images } = await readFolder(folder)
  const paths = images.map((name) => join(folder, name))
  for (const name of folders) paths.push(...(await listImages(join(folder, name), [...above, real])))
  return paths
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path.',
  ENOTDIR: 'Give the folder that holds the images, not a file.',
  EACCES: 'Give this user the right to read it.',
}

function unreadable(folder: string, error: NodeJS.ErrnoException): SimclrError {
  return new SimclrError({
    parameter: `imageFolder: ${folder}`,
    expected: 'a folder that can be read',
    received: error.message,
    remedy: REMEDIES[error.code ?? ''] ?? 'Check the folder.',
    cause: error,
  })
}
