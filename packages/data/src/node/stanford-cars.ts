/** Stanford Cars (Krause et al. 2013) in its authors' layout. */
import { join } from 'node:path'
import type { Dataset } from '../dataset.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import type { ImageList } from './file-dataset.ts'
import { labelFromOne } from './label-from-one.ts'
import { readMatFile } from './mat-file.ts'
import { matNumbers, matStructs, matText, matTexts } from './mat-value.ts'
import { officialDataset } from './official-dataset.ts'
import { optionalSplit } from './optional-split.ts'
import { homeOf } from './read-list.ts'

const unpackIn = 'stanford_cars'

const info: DatasetDefinition['info'] = {
  name: 'stanford-cars',
  title: 'Stanford Cars',
  homepage: 'https://ai.stanford.edu/~jkrause/cars/car_dataset.html',
  classes: 196,
  counts: { train: 8_144, test: 8_041 },
  metric: 'top-1 accuracy',
  archives: [
    {
      file: 'cars_train.tgz',
      bytes: 979_269_282,
      sha256: '512b227b30e2f0a8aab9e09485786ab4479582073a144998da74d64b801fd288',
      unpackIn,
    },
    {
      file: 'cars_test.tgz',
      bytes: 977_350_468,
      sha256: 'bffea656d6f425cba3c91c6d83336e4c5f86c6cffd8975b0f375d3a10da8e243',
      unpackIn,
    },
    {
      file: 'car_devkit.tgz',
      bytes: 330_960,
      sha256: 'b97deb463af7d58b6bfaa18b2a4de9829f0f79e8ce663dfa9261bf7810e9accd',
      unpackIn,
    },
    {
      file: 'cars_test_annos_withlabels.mat',
      bytes: 185_758,
      sha256: '790f75be8ea34eeded134cc559332baf23e30e91367e9ddca97d26ed9b895f05',
      unpackIn,
    },
  ],
  layout: `stanford_cars/cars_train/00001.jpg  to 08144.jpg
stanford_cars/cars_test/00001.jpg  to 08041.jpg
stanford_cars/devkit/cars_meta.mat
stanford_cars/devkit/cars_train_annos.mat
stanford_cars/cars_test_annos_withlabels.mat  not in the devkit, whose cars_test_annos.mat holds no labels`,
  notes: ['The later release in one folder (car_ims, cars_annos.mat) has another layout and is not read.'],
}

/**
 * Opens Stanford Cars, with the class names of the devkit ("AM General Hummer SUV 2000").
 *
 * @param folder `stanford_cars`, or the folder that holds it.
 * @returns the training split; close it when done.
 * @throws SimclrError if annotations or images are missing, see {@link OpenOptions.allowPartial}, with which a copy
 * without test labels has no test split.
 */
export async function stanfordCars(folder: string, options: OpenOptions = {}): Promise<Dataset> {
  const home = await homeOf(folder, 'stanford_cars')
  const metaFile = join(home, 'devkit', 'cars_meta.mat')
  const { class_names } = await readMatFile(metaFile, info)
  const classes = matTexts(class_names, `${info.name}: ${metaFile}: class_names`)

  const readSplit = async (images: string, path: string): Promise<ImageList> => {
    const list = `${info.name}: ${path}: annotations`
    const { annotations } = await readMatFile(path, info)
    const cars = matStructs(annotations, list).map(({ fname, class: number }, i) => {
      const [label] = matNumbers(number, `${list}(${i + 1}).class`)
      return {
        path: join(home, images, matText(fname, `${list}(${i + 1}).fname`)),
        label: labelFromOne(label, classes.length, `${list}(${i + 1}).class`),
      }
    })
    return { files: cars, labels: Int32Array.from(cars, ({ label }) => label) }
  }
  const testFile = join(home, 'cars_test_annos_withlabels.mat')
  const readTest = (): Promise<ImageList> => readSplit('cars_test', testFile)
  return officialDataset({
    ...options,
    info,
    classes,
    splits: {
      train: await readSplit('cars_train', join(home, 'devkit', 'cars_train_annos.mat')),
      ...(await optionalSplit('test', testFile, readTest, { ...options, info })),
    },
  })
}

export const stanfordCarsDefinition: DatasetDefinition = { info, open: stanfordCars }
