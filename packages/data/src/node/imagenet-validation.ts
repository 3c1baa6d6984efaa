/** The validation images of ImageNet, class by class. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { DatasetInfo, OpenOptions } from './dataset-definition.ts'
import type { ImageFile } from './image-file.ts'
import { imageNames } from './image-names.ts'
import { imagenetValidationIds } from './imagenet-devkit.ts'
import { tarImages } from './tar-images.ts'

/**
 * @param source `val` with a folder for each class, or with all images; or `ILSVRC2012_img_val.tar`. The classes of the
 * last two come from `ILSVRC2012_devkit_t12` beside it.
 * @param ids WordNet ids of the classes. Images of others are left out.
 * @returns the images of each of these classes, sorted by name.
 * @throws SimclrError if images, classes or the development kit are missing, or if the archive is cut off.
 */
export async function imagenetValidation(
  source: string,
  ids: readonly string[],
  pattern: RegExp,
  options: OpenOptions & { readonly info: DatasetInfo },
): Promise<ImageFile[][]> {
  const images = source.endsWith('.tar')
    ? await indexArchive(source, pattern)
    : await listFlat(source, pattern, options)
  if (images.length > 0) return sortByClass(images, source, ids, options.info)
  const classes: ImageFile[][] = []
  for (const id of ids) {
    const names = await imageNames(join(source, id), pattern, options)
    classes.push(names.map((name) => ({ path: `${source}/${id}/${name}` })))
  }
  return classes
}

type NamedImage = ImageFile & { readonly name: string }

async function indexArchive(path: string, pattern: RegExp): Promise<NamedImage[]> {
  const file = await open(path)
  try {
    return await tarImages(file, path, pattern)
  } finally {
    await file.close()
  }
}

async function listFlat(
  folder: string,
  pattern: RegExp,
  options: OpenOptions & { readonly info: DatasetInfo },
): Promise<NamedImage[]> {
  const names = await imageNames(folder, pattern, options)
  return names.map((name) => ({ path: `${folder}/${name}`, name }))
}

async function sortByClass(
  images: readonly NamedImage[],
  source: string,
  ids: readonly string[],
  info: DatasetInfo,
): Promise<ImageFile[][]> {
  const idOfImage = await imagenetValidationIds(join(source, '..', 'ILSVRC2012_devkit_t12'), info)
  const classes = new Map<string, ImageFile[]>(ids.map((id) => [id, []]))
  for (const image of images) {
    const number = Number(/^ILSVRC2012_val_(\d{8})\./.exec(image.name)?.[1])
    const id = idOfImage[number - 1]
    if (id === undefined) {
      throw new SimclrError({
        parameter: `${info.name}: ${source}`,
        expected: `images ILSVRC2012_val_00000001.JPEG to …${String(idOfImage.length).padStart(8, '0')}.JPEG`,
        received: image.name,
        remedy:
          'Leave only images of ILSVRC2012_img_val.tar, or sort all of them into a folder for each class.',
      })
    }
    classes.get(id)?.push(image)
  }
  return [...classes.values()]
}
