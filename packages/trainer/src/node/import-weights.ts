/** Makes an encoder folder of weights that others trained. */
import { basename } from 'node:path'
import { importEncoder, importHeads, type ResNetArchitecture, readEncoderWeights } from '@simclr/models'
import { openWeights } from '@simclr/models/node'
import { type EncoderHead, writeEncoderFolder } from './encoder-folder.ts'

export interface ImportedWeights {
  /** What the names were, e.g. `torchvision`. */
  readonly format: string
  readonly architecture: ResNetArchitecture
  /** What was kept beside the encoder. */
  readonly heads: readonly EncoderHead[]
  /** Why each head that the file holds but that cannot be expressed was left out. */
  readonly refused: readonly string[]
  /** Names of arrays that are not part of an encoder. */
  readonly ignored: readonly string[]
}

/**
 * Reads the encoder of a file of weights, whose format and architecture are found out, and writes it as a folder that
 * {@link loadEncoder} takes, with its projection head and classifier where there are any. Arrays pass through memory one at a time.
 *
 * @param path A safetensors or PyTorch file, a TensorFlow checkpoint, or the folder of a SavedModel.
 * @param out The folder to write; one that is there already is replaced.
 * @param about `imageSize`: height and width in pixels that evaluations use.
 * @throws SimclrError if the file is damaged, holds no ResNet that is known, or `out` cannot be written.
 */
export async function importWeights(
  path: string,
  out: string,
  about: { imageSize?: number } = {},
): Promise<ImportedWeights> {
  const file = await openWeights(path)
  try {
    const { format, architecture, ignored } = readEncoderWeights(file)
    const encoder = await importEncoder(file, { architecture })
    const refused: string[] = []
    try {
      const heads = await importHeads(file, ({ message }) => refused.push(message))
      try {
        await writeEncoderFolder(out, encoder, { source: `${format}: ${basename(path)}`, ...about }, heads)
        return { format, architecture, heads: Object.keys(heads) as EncoderHead[], refused, ignored }
      } finally {
        for (const head of Object.values(heads)) head.dispose()
      }
    } finally {
      encoder.dispose()
    }
  } finally {
    await file.close()
  }
}
