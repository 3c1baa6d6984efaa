/** Small copies of the twelve datasets of the transfer protocol, in their authors' layouts. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { type MatInput, writeMatFile } from './write-mat-file.ts'

type Files = Record<string, string | Uint8Array | Picture>

/** An image of 24 × 20 pixels in the colour of its class, lighter or darker from one to the next. */
interface Picture {
  readonly label: number
  readonly shade: number
}

/** Images in each file of records of the small CIFARs, for the openers' options. */
export const CIFAR_MINIATURES = { cifar10: 10, cifar100: { train: 300, test: 100 } } as const

/** Writes all twelve into one folder, as if their archives were unpacked there. */
export async function writeTransferMiniatures(root: string): Promise<void> {
  const files: Files = {
    ...food(),
    ...cifar(),
    ...birdsnap(),
    ...sun(),
    ...cars(),
    ...aircraft(),
    ...voc(),
    ...dtd(),
    ...pets(),
    ...caltech(),
    ...flowers(),
  }
  await Promise.all(
    [...new Set(Object.keys(files).map(dirname))].map((path) => mkdir(join(root, path), { recursive: true })),
  )
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === 'object' && 'label' in content ? await encode(content) : content
    await writeFile(join(root, path), bytes)
  }
}

function encode({ label, shade }: Picture): Promise<Buffer> {
  const [r, g, b] = colour(label).map((value) => value + 10 * (shade % 4)) as [number, number, number]
  return sharp({ create: { width: 24, height: 20, channels: 3, background: { r, g, b } } })
    .jpeg()
    .toBuffer()
}

function colour(label: number): number[] {
  return [60, 120, 180].map((weight) => 20 + ((weight * (label + 1)) % 200))
}

const lines = (items: readonly string[]): string => items.map((item) => `${item}\n`).join('')
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
/** Two classes by turns. */
const alternate = (count: number): Picture[] => numbers(count).map((i) => ({ label: i % 2, shade: i >> 1 }))

function pictures(images: readonly Picture[], path: (image: Picture, i: number) => string): Files {
  return Object.fromEntries(images.map((image, i) => [path(image, i), image]))
}

function food(): Files {
  const names = ['apple_pie', 'waffles']
  const id = ({ label, shade }: Picture): string => `${names[label]}/${100 + shade}`
  const images = alternate(12)
  return {
    'food-101/meta/classes.txt': lines(names),
    'food-101/meta/train.txt': lines(images.slice(0, 8).map(id)),
    'food-101/meta/test.txt': lines(images.slice(8).map(id)),
    ...pictures(images, (image) => `food-101/images/${id(image)}.jpg`),
  }
}

function cifar(): Files {
  const record = (label: number, shade: number, before: number[] = []): number[] => [
    ...before,
    label,
    ...colour(label).flatMap((value) => new Array<number>(1024).fill(value + 5 * (shade % 4))),
  ]
  const ten = (shade: number): Uint8Array =>
    Uint8Array.from(numbers(10).flatMap((label) => record(label, shade)))
  const hundred = (count: number): Uint8Array =>
    Uint8Array.from(numbers(count).flatMap((i) => record(i % 100, Math.floor(i / 100), [(i % 100) % 20])))
  return {
    ...Object.fromEntries(numbers(5).map((i) => [`cifar-10-batches-bin/data_batch_${i + 1}.bin`, ten(i)])),
    'cifar-10-batches-bin/test_batch.bin': ten(5),
    'cifar-100-binary/train.bin': hundred(CIFAR_MINIATURES.cifar100.train),
    'cifar-100-binary/test.bin': hundred(CIFAR_MINIATURES.cifar100.test),
    'cifar-100-binary/fine_label_names.txt': lines(numbers(100).map((i) => `fine_${i}`)),
    'cifar-100-binary/coarse_label_names.txt': lines(numbers(20).map((i) => `coarse_${i}`)),
  }
}

function birdsnap(): Files {
  const species = ['Clarks_Grebe', 'Black_and_white_Warbler']
  const path = ({ label, shade }: Picture): string => `${species[label]}/${shade}.jpg`
  const images = alternate(12)
  return {
    'birdsnap/species.txt': lines([
      'id\tcommon',
      ...species.map((name, i) => `${i + 1}\t${name.replaceAll('_', ' ')}`),
    ]),
    'birdsnap/images.txt': lines([
      'url\tpath\tspecies_id',
      ...images.map((image) => `-\t${path(image)}\t${image.label + 1}`),
    ]),
    'birdsnap/test_images.txt': lines(['path', ...images.slice(8).map(path)]),
    ...pictures(images, (image) => `birdsnap/download/images/${path(image)}`),
  }
}

function sun(): Files {
  const folders = ['/a/abbey', '/c/car_interior/backseat']
  const path = ({ label, shade }: Picture): string => `${folders[label]}/sun_${shade}.jpg`
  const images = alternate(12)
  return {
    'SUN397/ClassName.txt': lines(folders),
    'SUN397/Training_01.txt': lines(images.slice(0, 8).map(path)),
    'SUN397/Testing_01.txt': lines(images.slice(8).map(path)),
    ...pictures(images, (image) => `SUN397${path(image)}`),
  }
}

function cars(): Files {
  const file = (i: number): string => `${String(i + 1).padStart(5, '0')}.jpg`
  const annotations = (images: readonly Picture[]): MatInput =>
    images.map(({ label }, i) => ({ class: Uint8Array.of(label + 1), fname: file(i) }))
  const [train, test] = [alternate(8), alternate(4)]
  return {
    'stanford_cars/devkit/cars_meta.mat': writeMatFile({
      class_names: ['Make A 2012', 'Ram C/V Cargo Van Minivan 2012'],
    }),
    'stanford_cars/devkit/cars_train_annos.mat': writeMatFile({ annotations: annotations(train) }),
    'stanford_cars/cars_test_annos_withlabels.mat': writeMatFile({ annotations: annotations(test) }),
    ...pictures(train, (_, i) => `stanford_cars/cars_train/${file(i)}`),
    ...pictures(test, (_, i) => `stanford_cars/cars_test/${file(i)}`),
  }
}

function aircraft(): Files {
  const variants = ['707-320', 'F-16A/B']
  const id = (i: number): string => String(34309 + i).padStart(7, '0')
  const images = alternate(16)
  const list = (from: number, to: number): string =>
    lines(images.slice(from, to).map(({ label }, i) => `${id(from + i)} ${variants[label]}`))
  const data = 'fgvc-aircraft-2013b/data'
  return {
    [`${data}/variants.txt`]: lines(variants),
    [`${data}/images_variant_train.txt`]: list(0, 6),
    [`${data}/images_variant_val.txt`]: list(6, 10),
    [`${data}/images_variant_trainval.txt`]: list(0, 10),
    [`${data}/images_variant_test.txt`]: list(10, 16),
    ...pictures(images, (_, i) => `${data}/images/${id(i)}.jpg`),
  }
}

/** The two labels of a picture are the presence of aeroplanes and of persons; of buses there are difficult ones only. */
function voc(): Files {
  const classes =
    'aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor'.split(
      ' ',
    )
  const images = numbers(20).map((i) => ({ label: i % 4, shade: i >> 2 }))
  const id = (i: number): string => String(i + 1).padStart(6, '0')
  const present = (name: string, { label }: Picture): number => {
    if (name === 'bus') return label === 0 ? 0 : -1
    if (name === 'aeroplane') return label & 1 ? 1 : -1
    return name === 'person' && label & 2 ? 1 : -1
  }
  const splits = { train: [0, 8], val: [8, 12], trainval: [0, 12], test: [12, 20] } as const
  const home = 'VOCdevkit/VOC2007'
  return Object.assign(
    pictures(images, (_, i) => `${home}/JPEGImages/${id(i)}.jpg`),
    ...Object.entries(splits).map(([split, [from, to]]): Files => {
      const members = numbers(to - from).map((i) => from + i)
      const listOf = (name: string): string =>
        lines(members.map((i) => `${id(i)} ${String(present(name, images[i]!)).padStart(2)}`))
      return {
        [`${home}/ImageSets/Main/${split}.txt`]: lines(members.map(id)),
        ...Object.fromEntries(
          classes.map((name) => [`${home}/ImageSets/Main/${name}_${split}.txt`, listOf(name)]),
        ),
      }
    }),
  )
}

function dtd(): Files {
  const names = ['banded', 'polka-dotted']
  const path = ({ label, shade }: Picture): string =>
    `${names[label]}/${names[label]}_${String(shade + 2).padStart(4, '0')}.jpg`
  const images = alternate(16)
  return {
    'dtd/labels/train1.txt': lines(images.slice(0, 6).map(path)),
    'dtd/labels/val1.txt': lines(images.slice(6, 10).map(path)),
    'dtd/labels/test1.txt': lines(images.slice(10).map(path)),
    ...pictures(images, (image) => `dtd/images/${path(image)}`),
  }
}

function pets(): Files {
  const names = ['Abyssinian', 'american_pit_bull_terrier']
  const id = ({ label, shade }: Picture): string => `${names[label]}_${shade + 1}`
  const images = alternate(12)
  const list = (part: readonly Picture[]): string =>
    lines(part.map((image) => `${id(image)} ${image.label + 1} 1 1`))
  return {
    'oxford-iiit-pet/annotations/trainval.txt': list(images.slice(0, 8)),
    'oxford-iiit-pet/annotations/test.txt': list(images.slice(8)),
    ...pictures(images, (image) => `oxford-iiit-pet/images/${id(image)}.jpg`),
  }
}

/** 30 of each class are for training. */
function caltech(): Files {
  const names = ['BACKGROUND_Google', 'accordion']
  return pictures(
    alternate(66),
    ({ label, shade }) =>
      `caltech-101/101_ObjectCategories/${names[label]}/image_${String(shade + 1).padStart(4, '0')}.jpg`,
  )
}

function flowers(): Files {
  const images = alternate(16)
  const range = (from: number, to: number): Uint16Array =>
    Uint16Array.from(numbers(to - from), (i) => from + i + 1)
  return {
    'flowers-102/imagelabels.mat': writeMatFile({
      labels: Uint8Array.from(images, ({ label }) => label + 1),
    }),
    'flowers-102/setid.mat': writeMatFile({ trnid: range(0, 6), valid: range(6, 10), tstid: range(10, 16) }),
    ...pictures(images, (_, i) => `flowers-102/jpg/image_${String(i + 1).padStart(5, '0')}.jpg`),
  }
}
