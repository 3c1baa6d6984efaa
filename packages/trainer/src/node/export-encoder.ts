/** Writes an encoder in the formats of other libraries. */
import { writeFile } from 'node:fs/promises'
import { writeFolder, writeWholeFile } from '@simclr/core/node'
import {
  encodeNpz,
  encodeOnnx,
  encodeSafetensors,
  encodeTfjsGraphModel,
  moduleWeights,
  type ResNet,
  torchvisionWeights,
} from '@simclr/models'
import { encoderParts } from './encoder-parts.ts'
import { explainWriteError } from './write-error.ts'

/** What each format is for. */
export const exportFormats = {
  safetensors: 'our names and layout',
  torchvision: "safetensors under torchvision's names, for PyTorch",
  onnx: 'a model for onnxruntime and others',
  tfjs: "a folder that TensorFlow.js's loadGraphModel takes, in browsers, too",
  numpy: 'an .npz file of all arrays',
} as const

export type ExportFormat = keyof typeof exportFormats

/**
 * @param out The file to write, or the folder of `tfjs`; one that is there already is replaced.
 * @throws SimclrError if the format cannot express the encoder, or `out` cannot be written; nothing is left behind then.
 */
export async function exportEncoder(encoder: ResNet, format: ExportFormat, out: string): Promise<void> {
  try {
    if (format === 'tfjs') await writeFolder(out, await encodeTfjsGraphModel(encoder))
    else await writeWholeFile(out, (file) => writeFile(file, fileParts(encoder, format)))
  } catch (error) {
    throw explainWriteError(`export ${out}`, error)
  }
}

async function* fileParts(
  encoder: ResNet,
  format: Exclude<ExportFormat, 'tfjs'>,
): AsyncGenerator<Uint8Array> {
  switch (format) {
    case 'safetensors':
      return yield* encoderParts(encoder)
    case 'torchvision':
      return yield encodeSafetensors(await torchvisionWeights(encoder))
    case 'onnx':
      return yield await encodeOnnx(encoder)
    case 'numpy':
      return yield encodeNpz(await moduleWeights(encoder))
  }
}
