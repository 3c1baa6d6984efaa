/** The arrays of an ONNX file (TensorProto in onnx.proto), as they lie in it. */
import { ByteCursor } from './byte-cursor.ts'
import type { ByteSource } from './byte-source.ts'
import { elementCount } from './element-count.ts'
import { type ByteRange, type ProtoField, protoFields } from './proto-fields.ts'
import { refuseFile } from './refuse-file.ts'
import { readDtype, type StoredDtype, storedBytes } from './stored-array.ts'
import { unpackVarints } from './unpack-varints.ts'
import type { ArrayInfo } from './weight-file.ts'

/** TensorProto.DataType. */
const DTYPES: ReadonlyMap<number, StoredDtype> = new Map([
  [1, 'F32'],
  [2, 'U8'],
  [6, 'I32'],
  [7, 'I64'],
  [9, 'U8'],
  [10, 'F16'],
  [11, 'F64'],
  [16, 'BF16'],
])

/** Numbers of TensorProto's fields. */
const DIMS = 1
const DATA_TYPE = 2
const FLOAT_DATA = 4
const INT32_DATA = 5
const INT64_DATA = 7
const NAME = 8
const RAW_DATA = 9
const DOUBLE_DATA = 10
const DATA_LOCATION = 14
const DATA = new Set([FLOAT_DATA, INT32_DATA, INT64_DATA, RAW_DATA, DOUBLE_DATA])
const EXTERNAL = 1
const HIGHEST_RANK = 64

export interface OnnxInitializer extends ArrayInfo {
  readonly name: string
  readonly stored: StoredDtype
  readonly data: ByteRange
  /** Whether the data are base-128 numbers, one an element. */
  readonly isVarints: boolean
}

/**
 * @param range Of the TensorProto.
 * @returns Where the array lies; undefined if it is of a dtype that is not read.
 * @throws SimclrError if it contradicts itself, or its data lie in another file.
 */
export async function onnxInitializer(
  source: ByteSource,
  range: ByteRange,
): Promise<OnnxInitializer | undefined> {
  const file = source.name
  const shape: number[] = []
  let name = ''
  let dtype = 0
  let data: ProtoField | undefined
  for await (const field of protoFields(source, range)) {
    if (field.field === DIMS) shape.push(...(await sizes(source, field)))
    if (shape.length > HIGHEST_RANK) refuseFile(file, `at most ${HIGHEST_RANK} axes`, 'more')
    if (field.field === DATA_TYPE) dtype = field.number ?? 0
    if (field.field === NAME) name = new TextDecoder().decode(await readRange(source, field))
    if (field.field === DATA_LOCATION && field.number === EXTERNAL) refuseExternal(file, name)
    if (DATA.has(field.field) && field.end > field.begin) {
      if (data !== undefined) refuseFile(file, 'initializers with their data in one field', 'several')
      data = field
    }
  }
  if (name === '') refuseFile(file, 'initializers with names', 'one without')
  if (!shape.every(Number.isSafeInteger)) refuseFile(file, `"${name}" with sizes below 2^53`, `[${shape}]`)
  const stored = DTYPES.get(dtype)
  if (stored === undefined) return undefined
  const { field = RAW_DATA, begin = 0, end = 0 } = data ?? {}
  const isVarints = field === INT32_DATA || field === INT64_DATA
  const count = elementCount(shape)
  const expected = isVarints ? count : count * storedBytes[stored]
  const found = end - begin
  if (found < expected || (found > expected && !isVarints)) {
    refuseFile(file, `"${name}" [${shape.join(', ')}] of ${expected} bytes`, `${found}`)
  }
  return { name, stored, dtype: readDtype(stored), shape, data: { begin, end }, isVarints }
}

/** @returns The array's bytes, little endian, at most as many as the file has. */
export async function readInitializer(
  source: ByteSource,
  { name, stored, shape, data, isVarints }: OnnxInitializer,
): Promise<Uint8Array> {
  if (!isVarints) return readRange(source, data)
  const bytes = storedBytes[stored] * elementCount(shape)
  if (bytes > source.size) {
    const remedy = 'Save it with raw_data, as onnx.numpy_helper.from_array does.'
    refuseFile(source.name, `"${name}" of at most ${source.size} bytes`, `${bytes}`, { remedy })
  }
  return unpackVarints(source.name, await readRange(source, data), storedBytes[stored], bytes)
}

function readRange(source: ByteSource, { begin, end }: ByteRange): Promise<Uint8Array> {
  return source.read(begin, end - begin)
}

/** Sizes come one by one, or packed together. */
async function sizes(source: ByteSource, field: ProtoField): Promise<number[]> {
  if (field.number !== undefined) return [field.number]
  const longest = HIGHEST_RANK * 10
  if (field.end - field.begin > longest) refuseFile(source.name, `at most ${longest} bytes of sizes`, 'more')
  const cursor = new ByteCursor(source.name, await readRange(source, field))
  const read: number[] = []
  while (cursor.remaining > 0) read.push(cursor.varint())
  return read
}

function refuseExternal(file: string, name: string): never {
  refuseFile(file, `"${name}" with its data inside`, 'data in another file', {
    remedy: 'Save it in one file: onnx.save(onnx.load(path), path, save_as_external_data=False).',
  })
}
