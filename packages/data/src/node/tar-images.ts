/** The images of a tar archive, which are read in place. */
import type { FileHandle } from 'node:fs/promises'
import type { ImageFile } from './image-file.ts'
import { type ByteRange, tarIndex } from './tar-index.ts'

/**
 * @param file The opened archive.
 * @param path Its path, by which images are opened later.
 * @param pattern What the names of images look like, without folders; hidden ones (`._x.JPEG`) are left out.
 * @param part Where the archive lies in the file, for an archive inside of another.
 * @returns the images, named without folders and sorted by name.
 * @throws SimclrError if the archive is cut off or damaged.
 */
export async function tarImages(
  file: FileHandle,
  path: string,
  pattern: RegExp,
  part?: ByteRange,
): Promise<(ImageFile & { readonly name: string })[]> {
  const members = await tarIndex(file, path, part)
  return members
    .map(({ name, offset, length }) => ({
      path,
      part: { offset, length },
      name: name.slice(name.lastIndexOf('/') + 1),
    }))
    .filter(({ name }) => pattern.test(name) && !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
