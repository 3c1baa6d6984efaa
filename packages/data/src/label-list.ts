/** The labelled part of a dataset, as a list of image names (the official 1 % and 10 % of ImageNet). */
import { SimclrError } from '@simclr/core'
import type { Dataset } from './dataset.ts'

/**
 * Finds listed images by the names of their files, whatever folder or archive they lie in.
 *
 * @param names One image each, `n01440764_10026.JPEG`; folders before the name are ignored.
 * @param list What errors call the list.
 * @returns ascending positions for `dataset.subset`.
 * @throws SimclrError that counts names which no image has, which several images have, or which are listed twice, and
 * gives the first; or if the dataset has no file names.
 */
export function labelList(names: readonly string[], dataset: Dataset, list = 'labelList'): Int32Array {
  const positions = positionsByName(dataset, list)
  const listed = names.map((name) => name.slice(name.lastIndexOf('/') + 1))
  const seen = new Set<string>()
  const repeated = listed.filter((name) => seen.size === seen.add(name).size)
  refuse(list, 'each image once', 'listed again', repeated)
  refuse(
    list,
    `names of images of ${dataset.name}`,
    'that no image has',
    listed.filter((name) => !positions.has(name)),
  )
  refuse(
    list,
    `names of one image of ${dataset.name} each`,
    'that several images have',
    listed.filter((name) => positions.get(name) === AMBIGUOUS),
  )
  return Int32Array.from(listed, (name) => positions.get(name)!).sort()
}

/** The position of a name that several images have. */
const AMBIGUOUS = -1

function positionsByName(dataset: Dataset, list: string): Map<string, number> {
  const positions = new Map<string, number>()
  for (let position = 0; position < dataset.length; position++) {
    const name = dataset.fileName(position)
    if (name === undefined) {
      throw new SimclrError({
        parameter: list,
        expected: 'for a dataset whose images are files',
        received: dataset.name,
        remedy: 'Give a share of the labels instead, such as 10%.',
      })
    }
    positions.set(name, positions.has(name) ? AMBIGUOUS : position)
  }
  return positions
}

function refuse(list: string, expected: string, what: string, names: readonly string[]): void {
  if (names.length === 0) return
  throw new SimclrError({
    parameter: list,
    expected,
    received: `${names.length} ${what}, the first "${names[0]}"`,
  })
}
