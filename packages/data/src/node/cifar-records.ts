/** The binary layout of CIFAR-10 and CIFAR-100: records of label bytes and the planes of a 32 × 32 image. */
import { readFile } from 'node:fs/promises'
import type { ImageSize } from '@simclr/augment/image'
import { SimclrError } from '@simclr/core'
import type { MemorySplit } from '../memory-dataset.ts'
import type { DatasetInfo } from './dataset-definition.ts'
import { interleave } from './interleave.ts'

/** Height and width of every image. */
export const CIFAR_SIZE: ImageSize = { height: 32, width: 32 }

const PLANE = CIFAR_SIZE.height * CIFAR_SIZE.width

export interface CifarRecords {
  readonly info: DatasetInfo
  /** Files of the split, in order. */
  readonly paths: readonly string[]
  /** Images in each file. */
  readonly recordsPerFile: number
  /** Number of classes of each label byte with which a record begins. */
  readonly labelClasses: readonly number[]
  /** Which of these bytes is the label. */
  readonly labelByte: number
}

/**
 * Reads a split into memory.
 *
 * @throws SimclrError naming the file that is missing, too short, too long or holds an impossible label.
 */
export async function readCifarRecords(layout: CifarRecords): Promise<MemorySplit> {
  const { paths, recordsPerFile, labelClasses, labelByte } = layout
  const recordBytes = labelClasses.length + 3 * PLANE
  const images = new Uint8Array(paths.length * recordsPerFile * 3 * PLANE)
  const labels = new Int32Array(paths.length * recordsPerFile)
  for (const [place, path] of paths.entries()) {
    const bytes = await readWhole(path, recordsPerFile * recordBytes, layout.info)
    for (let i = 0; i < recordsPerFile; i++) {
      const record = bytes.subarray(i * recordBytes, (i + 1) * recordBytes)
      const index = place * recordsPerFile + i
      checkLabels(record, i, path, layout)
      labels[index] = record[labelByte]!
      const pixels = images.subarray(index * 3 * PLANE, (index + 1) * 3 * PLANE)
      interleave(record.subarray(labelClasses.length), pixels, CIFAR_SIZE)
    }
  }
  return { images, labels }
}

async function readWhole(path: string, expectedBytes: number, info: DatasetInfo): Promise<Uint8Array> {
  const { name, title, archives } = info
  const archive = archives[0]!.file
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new SimclrError({
      parameter: `${name}: ${path}`,
      expected: `a file of ${expectedBytes} bytes`,
      received: error.code === 'ENOENT' ? 'no such file' : error.message,
      remedy: `Unpack ${archive} (the binary version) and give the folder that holds what is in it.`,
      cause: error,
    })
  })
  if (bytes.length === expectedBytes) return bytes
  throw new SimclrError({
    parameter: `${name}: ${path}`,
    expected: `a file of ${expectedBytes} bytes`,
    received: `${bytes.length} bytes`,
    remedy:
      bytes.length < expectedBytes
        ? 'It is cut off: unpack the archive again, and download it again if that does not help.'
        : `It is not a ${title} batch: unpack ${archive} again.`,
  })
}

function checkLabels(
  record: Uint8Array,
  number: number,
  path: string,
  { info, labelClasses }: CifarRecords,
): void {
  const wrong = labelClasses.findIndex((classes, byte) => record[byte]! >= classes)
  if (wrong < 0) return
  throw new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected: `records whose byte ${wrong} is a label from 0 to ${labelClasses[wrong]! - 1}`,
    received: `${record[wrong]} in record ${number}`,
    remedy: `The file is damaged or of another dataset: unpack ${info.archives[0]!.file} again.`,
  })
}
