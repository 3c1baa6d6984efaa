/** An encoder by itself on the disk: `{model.safetensors, encoder.json}`, each whole or absent, checked when loaded. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Module, SimclrError } from '@simclr/core'
import { type FileContent, writeFolder } from '@simclr/core/node'
import {
  loadWeightFile,
  openSafetensors,
  ResNet,
  type ResNetArchitecture,
  type WeightFile,
} from '@simclr/models'
import { openFile } from '@simclr/models/node'
import { checkFeatures, type ExpectedFeatures, expectedFeatures } from '../expected-features.ts'
import { encoderParts } from './encoder-parts.ts'
import { explainWriteError } from './write-error.ts'

/** What a folder says about its encoder, in encoder.json. */
export interface EncoderDescription {
  readonly format: 1
  readonly architecture: ResNetArchitecture
  /** Height and width in pixels of the images that it was trained on, if known. */
  readonly imageSize?: number
  /** Where the weights are from, in words. */
  readonly source: string
  /** Heads in model.safetensors, each under this name and a dot; absent means none. */
  readonly heads?: readonly EncoderHead[]
  /** SHA-256 of model.safetensors. */
  readonly checksum: string
  readonly expected: ExpectedFeatures
}

/** `projection`: the projection head of pretraining. `classifier`: a linear layer. */
export type EncoderHead = 'projection' | 'classifier'

export const MODEL = 'model.safetensors'
export const DESCRIPTION = 'encoder.json'

/**
 * Writes an encoder as a folder that {@link readEncoderFolder} reads, one array at a time.
 *
 * @param path The folder; one that is there already is replaced.
 * @param heads Stored beside the encoder.
 * @throws SimclrError if it cannot be written; nothing is left behind then.
 */
export async function writeEncoderFolder(
  path: string,
  encoder: ResNet,
  about: { source: string; imageSize?: number },
  heads: Readonly<Partial<Record<EncoderHead, Module>>> = {},
): Promise<void> {
  const names = Object.keys(heads) as EncoderHead[]
  const hash = createHash('sha256')
  const expected = await expectedFeatures(encoder)
  async function* description(): AsyncGenerator<string> {
    const content: EncoderDescription = {
      format: 1,
      architecture: encoder.options,
      ...about,
      ...(names.length > 0 && { heads: names }),
      checksum: hash.digest('hex'),
      expected,
    }
    yield `${JSON.stringify(content, null, 2)}\n`
  }
  try {
    await writeFolder(
      path,
      new Map<string, FileContent>([
        [MODEL, hashed(encoderParts(encoder, heads), hash)],
        [DESCRIPTION, description()],
      ]),
    )
  } catch (error) {
    throw explainWriteError(`encoder ${path}`, error)
  }
}

/**
 * @returns The encoder, which the caller disposes, and what the folder says about it.
 * @throws SimclrError if a file is missing or damaged, or if the features of the generated image are not those stored.
 */
export async function readEncoderFolder(
  path: string,
): Promise<{ encoder: ResNet; description: EncoderDescription }> {
  const description = await readDescription(join(path, DESCRIPTION))
  const model = join(path, MODEL)
  const hash = createHash('sha256')
  await drain(hashed(createReadStream(model), hash)).catch((cause) => {
    throw damaged(model, cause instanceof Error ? cause.message : String(cause))
  })
  if (hash.digest('hex') !== description.checksum) throw damaged(model, 'another SHA-256')
  const file = await openFile(model)
  try {
    const encoder = new ResNet({ ...description.architecture, initialize: false })
    try {
      await loadWeightFile(encoder, withoutHeads(await openSafetensors(file), description.heads ?? []))
      await checkFeatures(path, encoder, description.expected)
    } catch (error) {
      encoder.dispose()
      throw error
    }
    return { encoder, description }
  } finally {
    await file.close()
  }
}

function withoutHeads(file: WeightFile, heads: readonly EncoderHead[]): WeightFile {
  const isEncoders = (name: string) => !heads.some((head) => name.startsWith(`${head}.`))
  const arrays = new Map([...file.arrays].filter(([name]) => isEncoders(name)))
  return { name: file.name, arrays, read: (name) => file.read(name) }
}

async function readDescription(path: string): Promise<EncoderDescription> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw damaged(path, cause instanceof Error ? cause.message : String(cause))
  })
  try {
    const description = JSON.parse(text) as EncoderDescription
    if (description.format === 1) return description
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw damaged(path, 'not a description of an encoder')
}

async function* hashed(parts: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    hash.update(part)
    yield part
  }
}

async function drain(parts: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of parts);
}

function damaged(file: string, received: string): SimclrError {
  return new SimclrError({ parameter: file, expected: 'the file that was written', received })
}
