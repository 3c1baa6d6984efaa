/** The features of some images as a file: checksum, sizes, features, labels. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { writeWholeFile } from '@simclr/core/node'
import type { Features } from '../features.ts'

const CHECKSUM_BYTES = 32
/** Rows, then the number of bytes of each array. */
const HEADER_NUMBERS = 4

/** Writes a chunk whole or not at all. */
export async function writeFeatureChunk(path: string, chunk: Features): Promise<void> {
  const arrays = [chunk.features, chunk.labels, chunk.multiLabels].map((array) =>
    array === undefined ? Buffer.alloc(0) : Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  )
  const header = Float64Array.of(
    chunk.features.length / chunk.width,
    ...arrays.map(({ byteLength }) => byteLength),
  )
  const content = Buffer.concat([Buffer.from(header.buffer), ...arrays])
  const checksum = createHash('sha256').update(content).digest()
  await writeWholeFile(path, (file) => file.writeFile(Buffer.concat([checksum, content])))
}

/**
 * @param expected Length of a feature vector, and the labels that the dataset has: those of a chunk may be empty.
 * @returns undefined if there is no such file, or it is damaged.
 */
export async function readFeatureChunk(
  path: string,
  { width, hasLabels, hasMultiLabels }: { width: number; hasLabels: boolean; hasMultiLabels: boolean },
): Promise<Features | undefined> {
  const bytes = await readIfThere(path)
  if (bytes === undefined || bytes.length < CHECKSUM_BYTES + 8 * HEADER_NUMBERS) return undefined
  const content = bytes.subarray(CHECKSUM_BYTES)
  const checksum = createHash('sha256').update(content).digest()
  if (!checksum.equals(bytes.subarray(0, CHECKSUM_BYTES))) return undefined
  const copy = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength)
  const header = new Float64Array(copy, 0, HEADER_NUMBERS)
  const [rows, featureBytes, labelBytes, multiLabelBytes] = header as unknown as [
    number,
    number,
    number,
    number,
  ]
  if (featureBytes !== 4 * rows * width) return undefined
  const start = header.byteLength
  return {
    features: new Float32Array(copy, start, featureBytes / 4),
    width,
    labels: hasLabels ? new Int32Array(copy, start + featureBytes, labelBytes / 4) : undefined,
    ...(hasMultiLabels && {
      multiLabels: new Int8Array(copy, start + featureBytes + labelBytes, multiLabelBytes),
    }),
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
