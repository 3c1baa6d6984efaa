/** Birdsnap (Berg et al. 2014, release 1.1) in its authors' layout. */
import { dirname, join } from 'node:path'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { officialDataset } from './official-dataset.ts'
import { classNumber, homeOf } from './read-list.ts'
import { readTable } from './read-table.ts'

const info: DatasetDefinition['info'] = {
  name: 'birdsnap',
  title: 'Birdsnap',
  homepage: 'https://thomasberg.org/',
  classes: 500,
  counts: { train: 47_386, test: 2_443 },
  metric: 'top-1 accuracy',
  archives: [{ file: 'birdsnap.tgz' }],
  layout: `birdsnap/images.txt  TAB separated, with the columns path and species_id
birdsnap/test_images.txt
birdsnap/species.txt  TAB separated, with the columns id and common
birdsnap/download/images/<species>/<number>.jpg  fetched by the archive's get_birdsnap.py`,
  notes: [
    'The archive holds lists, not images: they are fetched from their web addresses, many of which are gone.',
    'Some files called .jpg hold a GIF or no image at all.',
  ],
}

/**
 * Opens Birdsnap: training images are those that `test_images.txt` does not name. Classes are in the order of
 * `species.txt`, with their common names (the names of their folders where it gives none).
 *
 * @param folder `birdsnap`, or the folder that holds it.
 * @returns the training split; close it when done.
 * @throws SimclrError if lists or images are missing, see {@link OpenOptions.allowPartial}, which most copies need.
 */
export async function birdsnap(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const home = await homeOf(folder, 'birdsnap')
  const species = await readTable(join(home, 'species.txt'), ['id'], info)
  const images = await readTable(join(home, 'images.txt'), ['path', 'species_id'], info)
  const tests = await readTable(join(home, 'test_images.txt'), ['path'], info)
  const ids = species.map(({ id }) => id)
  const folders = new Map(images.map(({ path, species_id }) => [species_id, dirname(path)]))
  const listOf = (rows: typeof images): ImageList => ({
    files: rows.map(({ path }) => ({ path: join(home, 'download', 'images', path) })),
    labels: Int32Array.from(rows, ({ species_id }) => classNumber(species_id, ids, info)),
  })
  const forTest = new Set(tests.map(({ path }) => path))
  return officialDataset({
    ...options,
    info,
    classes: species.map(({ id, common }) => common || (folders.get(id) ?? id)),
    splits: {
      train: listOf(images.filter(({ path }) => !forTest.has(path))),
      test: listOf(images.filter(({ path }) => forTest.has(path))),
    },
    missingImages: 'Many of its web addresses are gone, so that hardly any copy is complete.',
  })
}

export const birdsnapDefinition: DatasetDefinition = { info, open: birdsnap }
