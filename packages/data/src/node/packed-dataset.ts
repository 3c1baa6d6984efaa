/** A dataset in one file: read from one place to the next instead of opened image by image. */
import type { Dataset, SplitName } from '../dataset.ts'
import type { DecodingOptions } from './decoding-options.ts'
import { fileDataset, type ImageList } from './file-dataset.ts'
import type { ImageFile } from './image-file.ts'
import { PACKED_START, type PackedImage, type PackedSplit, readPackedIndex } from './packed-index.ts'

/**
 * Opens a file that {@link packImages} has written, with all splits, names and labels of the dataset it was made from.
 * The sizes of all images are known; each image's bytes are compared with their checksum when they are read.
 *
 * @returns the training split; close it to end its threads.
 * @throws SimclrError if the file cannot be read, is none that was packed, is cut off, or its index is damaged. A
 * damaged image counts as one that cannot be decoded.
 */
export async function packedDataset(path: string, options: DecodingOptions = {}): Promise<Dataset> {
  const { name, classes, images, splits } = await readPackedIndex(path)
  const files = imageFiles(path, images)
  const listOf = ({ images, labels, multiLabels }: PackedSplit): ImageList => ({
    files: images.map((number) => files[number]!),
    labels: labels && Int32Array.from(labels),
    ...(multiLabels && { multiLabels: Int8Array.from(multiLabels) }),
  })
  const { train, ...others } = splits
  return fileDataset({
    ...options,
    name,
    classes,
    splits: {
      train: listOf(train),
      ...(Object.fromEntries(Object.entries(others).map(([split, list]) => [split, listOf(list)])) as Partial<
        Record<SplitName, ImageList>
      >),
    },
    splitRemedy: `The dataset that ${path} was packed from has no such split.`,
  })
}

function imageFiles(path: string, images: readonly PackedImage[]): ImageFile[] {
  let offset = PACKED_START
  return images.map(({ length, ...image }) => {
    const part = { offset, length }
    offset += length
    return { path, part, ...image }
  })
}
