/** Classes of the ImageNet validation images, from the development kit of ILSVRC2012. */
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { DatasetInfo } from './dataset-definition.ts'
import { readMatFile } from './mat-file.ts'
import { matNumbers, matStructs, matText } from './mat-value.ts'
import { readList } from './read-list.ts'

/**
 * The kit numbers classes in an order of its own (`ILSVRC2012_ID`), which `meta.mat` relates to WordNet ids.
 *
 * @param folder `ILSVRC2012_devkit_t12`.
 * @returns the WordNet id of each validation image; image `ILSVRC2012_val_00000001.JPEG` is the first.
 * @throws SimclrError if a file is missing or names a class that `meta.mat` does not have.
 */
export async function imagenetValidationIds(folder: string, info: DatasetInfo): Promise<string[]> {
  const meta = join(folder, 'data', 'meta.mat')
  const truth = join(folder, 'data', 'ILSVRC2012_validation_ground_truth.txt')
  const { synsets } = await readMatFile(meta, info)
  const ids = new Map(
    matStructs(synsets, `${meta}: synsets`).map(({ ILSVRC2012_ID: number, WNID: id }) => [
      matNumbers(number, `${meta}: ILSVRC2012_ID`)[0],
      matText(id, `${meta}: WNID`),
    ]),
  )
  return (await readList(truth, info)).map((line, i) => {
    const id = ids.get(Number(line))
    if (id !== undefined) return id
    throw new SimclrError({
      parameter: `${info.name}: ${truth}`,
      expected: 'numbers of classes that meta.mat has',
      received: `"${line}" in line ${i + 1}`,
      remedy: 'Unpack ILSVRC2012_devkit_t12.tar.gz again.',
    })
  })
}
