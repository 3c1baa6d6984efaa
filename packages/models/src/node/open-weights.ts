import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isLeveldbTable } from '../files/leveldb-table.ts'
import { openOnnx } from '../files/open-onnx.ts'
import { openPytorchZip } from '../files/open-pytorch-zip.ts'
import { openSafetensors } from '../files/open-safetensors.ts'
import { openTensorflowCheckpoint } from '../files/open-tensorflow-checkpoint.ts'
import { refuseFile } from '../files/refuse-file.ts'
import type { WeightFile } from '../files/weight-file.ts'
import { withFullNames } from '../files/with-full-names.ts'
import { withOwnLayout } from '../files/with-own-layout.ts'
import { type FileSource, openFile } from './file-source.ts'

export interface OpenWeights extends WeightFile {
  close(): Promise<void>
}

const FORMATS =
  'a safetensors file, a .pt or .pth file of torch.save, an ONNX model, a TensorFlow checkpoint or a SavedModel folder'

/**
 * Opens a weight file of any known format, which its content tells: safetensors, PyTorch's zip files, ONNX models,
 * TensorFlow checkpoints.
 *
 * @param path The file; of a TensorFlow checkpoint its `.index`, a `.data` file, their common prefix, its folder or the
 *   folder of a SavedModel.
 * @returns The file, to be closed by the caller.
 * @throws SimclrError if there is none, it is damaged or of another format.
 */
export async function openWeights(path: string): Promise<OpenWeights> {
  const opened: FileSource[] = []
  const openOne = async (file: string): Promise<FileSource> => {
    const source = await openFile(file)
    opened.push(source)
    return source
  }
  const close = async () => {
    for (const source of opened) await source.close()
  }
  try {
    return { ...(await openAny(await locate(path), openOne)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openAny(path: string, openOne: (file: string) => Promise<FileSource>): Promise<WeightFile> {
  const source = await openOne(path)
  const start = await source.read(0, Math.min(9, source.size))
  const end = await source.read(Math.max(0, source.size - 8), Math.min(8, source.size))
  if (isLeveldbTable(end)) {
    const prefix = path.replace(/\.index$/, '')
    const digits = (number: number) => String(number).padStart(5, '0')
    const shard = (i: number, n: number) => openOne(`${prefix}.data-${digits(i)}-of-${digits(n)}`)
    return withFullNames(await openTensorflowCheckpoint(source, shard))
  }
  const [first, second] = start
  if ((first === 0x50 && second === 0x4b) || (first === 0x80 && second === 2)) return openPytorchZip(source)
  if (start[8] === 0x7b) return openSafetensors(source)
  if (first === 0x08 && second! < 0x20) return withOwnLayout(await openOnnx(source))
  refuseFile(path, FORMATS, 'another format')
}

/** The file to look at first. */
async function locate(path: string): Promise<string> {
  const kind = await stat(path).catch(() => undefined)
  if (kind?.isDirectory()) return indexIn(path)
  const index = `${path.replace(/\.data-\d{5}-of-\d{5}$/, '')}.index`
  if (kind === undefined || index !== `${path}.index`) {
    if (await stat(index).catch(() => undefined)) return index
  }
  return path
}

async function indexIn(folder: string): Promise<string> {
  const variables = join(folder, 'variables', 'variables.index')
  if (await stat(variables).catch(() => undefined)) return variables
  const indices = (await readdir(folder)).filter((file) => file.endsWith('.index'))
  if (indices.length === 1) return join(folder, indices[0]!)
  refuseFile(folder, FORMATS, `a folder with ${indices.length} checkpoints`, {
    remedy: 'Give the path of one of its files.',
  })
}
