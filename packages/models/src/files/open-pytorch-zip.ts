import { arrayNamed } from './array-named.ts'
import type { ByteSource } from './byte-source.ts'
import { elementCount } from './element-count.ts'
import { flattenTensors } from './flatten-tensors.ts'
import { gatherStrided, isRowMajor } from './gather-strided.ts'
import { type PytorchTensor, pytorchPickle } from './pytorch-tensors.ts'
import { refuseFile } from './refuse-file.ts'
import { readDtype, storedArray, storedBytes } from './stored-array.ts'
import { unpickle } from './unpickle.ts'
import type { WeightFile } from './weight-file.ts'
import { type ZipEntry, zipEntries } from './zip-entries.ts'
import { zipReader } from './zip-reader.ts'

const SAVE_AGAIN =
  'Save it again with PyTorch 1.6 or newer, torch.save(model.state_dict(), …), or as safetensors.'

/**
 * Opens a `.pt` or `.pth` file of `torch.save` (PyTorch 1.6 or newer): reads its dictionary now, each array when asked
 * for. Nothing of the file runs: only tensors, dictionaries, lists, strings and numbers are read. Nested dictionaries
 * and lists flatten with dots, e.g. `state_dict.conv1.weight` or `moments.0`. F16 and BF16 are read as F32, bool as U8.
 *
 * @throws SimclrError if the file is damaged, would run code, is TorchScript, or is older than PyTorch 1.6.
 */
export async function openPytorchZip(source: ByteSource): Promise<WeightFile> {
  const { name } = source
  const start = await source.read(0, Math.min(4, source.size))
  if (start[0] !== 0x50 || start[1] !== 0x4b) {
    const legacy = start[0] === 0x80
    refuseFile(name, 'a zip file of torch.save', legacy ? 'a pickle of PyTorch before 1.6' : 'no zip file', {
      remedy: SAVE_AGAIN,
    })
  }
  const entries = await zipEntries(source)
  const folder = [...entries.keys()].find((path) => path.endsWith('/data.pkl'))?.slice(0, -'data.pkl'.length)
  if (folder === undefined)
    refuseFile(name, 'a zip file with data.pkl', 'one without', { remedy: SAVE_AGAIN })
  if (entries.has(`${folder}constants.pkl`)) {
    refuseFile(name, 'a file of torch.save', 'a program of TorchScript', { remedy: SAVE_AGAIN })
  }
  const readEntry = zipReader(source)
  const byteorder = entries.get(`${folder}byteorder`)
  if (byteorder !== undefined) {
    const order = new TextDecoder().decode(await readEntry(byteorder))
    if (order !== 'little')
      refuseFile(name, 'a little-endian file', order.slice(0, 20), { remedy: SAVE_AGAIN })
  }
  const pickle = await readEntry(entries.get(`${folder}data.pkl`)!)
  const root = unpickle(name, pickle, pytorchPickle(name))
  const tensors = flattenTensors(name, root, pickle.length)
  for (const [key, tensor] of tensors) checkTensor(name, key, tensor, entries.get(dataPath(folder, tensor)))

  return {
    name,
    arrays: new Map(
      [...tensors].map(([key, { stored, shape }]) => [key, { dtype: readDtype(stored), shape }]),
    ),
    async read(wanted) {
      const tensor = arrayNamed(name, tensors, wanted)
      const { stored, shape, strides, offset, span } = tensor
      const width = storedBytes[stored]
      const bytes = await readEntry(entries.get(dataPath(folder, tensor))!, offset * width, span * width)
      const dense = isRowMajor(shape, strides) || span === 0
      return storedArray(stored, shape, dense ? bytes : gatherStrided(bytes, width, shape, strides))
    },
  }
}

function dataPath(folder: string, { key }: PytorchTensor): string {
  return `${folder}data/${key}`
}

/** Also refuses a view that repeats elements, whose array could be larger than the file. */
function checkTensor(file: string, name: string, tensor: PytorchTensor, entry: ZipEntry | undefined): void {
  if (entry === undefined) refuseFile(file, `"${name}" with its data`, 'none')
  const { stored, offset, shape, span } = tensor
  const elements = Math.floor(entry.size / storedBytes[stored])
  const count = elementCount(shape)
  if (offset + span <= elements && count <= elements) return
  refuseFile(
    file,
    `"${name}" within the ${elements} elements of its storage`,
    `${offset} + ${span}, ${count} in all`,
  )
}
