/** The training images of ImageNet, class by class. */
import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DatasetInfo, OpenOptions } from './dataset-definition.ts'
import { firstPresent } from './first-present.ts'
import type { ImageFile } from './image-file.ts'
import { imageNames } from './image-names.ts'
import { readFolder } from './list-images.ts'
import { prefetch } from './prefetch.ts'
import { missingFile } from './read-list.ts'
import { tarImages } from './tar-images.ts'
import { tarIndex } from './tar-index.ts'

/** Inner archives that are indexed at the same time, so that reads wait for the disk together. */
const CONCURRENT_ARCHIVES = 16

/**
 * @param folder Holds `train/<wnid>/*.JPEG`, or `ILSVRC2012_img_train.tar`, an archive of an archive for each class.
 * @returns the images of each WordNet id, sorted by name.
 * @throws SimclrError if there is neither, or if an archive is cut off or damaged.
 */
export async function imagenetTraining(
  folder: string,
  pattern: RegExp,
  options: OpenOptions & { readonly info: DatasetInfo },
): Promise<Map<string, ImageFile[]>> {
  const train = join(folder, 'train')
  const archive = join(folder, 'ILSVRC2012_img_train.tar')
  const source = await firstPresent([train, archive])
  return source === train
    ? listFolders(train, pattern, options)
    : indexArchives(archive, pattern, options.info)
}

async function listFolders(
  train: string,
  pattern: RegExp,
  options: OpenOptions & { readonly info: DatasetInfo },
): Promise<Map<string, ImageFile[]>> {
  const classes = new Map<string, ImageFile[]>()
  const { folders } = await readFolder(train)
  for (const id of folders) {
    const names = await imageNames(join(train, id), pattern, options)
    classes.set(
      id,
      names.map((name) => ({ path: `${train}/${id}/${name}` })),
    )
  }
  return classes
}

async function indexArchives(
  path: string,
  pattern: RegExp,
  info: DatasetInfo,
): Promise<Map<string, ImageFile[]>> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw missingFile(path, info, error)
  })
  try {
    const inner = (await tarIndex(file, path)).filter(({ name }) => name.endsWith('.tar'))
    const images = prefetch(inner, (part) => tarImages(file, path, pattern, part), CONCURRENT_ARCHIVES)
    const classes = new Map<string, ImageFile[]>()
    for (const { name } of inner) classes.set(basename(name, '.tar'), (await images.next()).value ?? [])
    return classes
  } finally {
    await file.close()
  }
}
