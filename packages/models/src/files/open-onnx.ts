import { arrayNamed } from './array-named.ts'
import type { ByteSource } from './byte-source.ts'
import { type OnnxInitializer, onnxInitializer, readInitializer } from './onnx-initializer.ts'
import { type ProtoField, protoFields } from './proto-fields.ts'
import { refuseFile } from './refuse-file.ts'
import { storedArray } from './stored-array.ts'
import type { WeightFile } from './weight-file.ts'

export interface OnnxFile extends WeightFile {
  /** The program that wrote the file, e.g. `pytorch`; empty where it does not say. */
  readonly producer: string
}

/** Numbers of ModelProto's and GraphProto's fields (onnx.proto). */
const PRODUCER_NAME = 2
const GRAPH = 7
const INITIALIZER = 5
const LONGEST_PRODUCER = 1000

/**
 * Opens the initializers of an ONNX model: walks the file now, past the data; reads each array when asked for, by its
 * initializer's name and in the file's layout, which has convolution kernels as `[out, in, h, w]`. FLOAT16 and BFLOAT16
 * are read as F32, BOOL as U8; initializers of other types are left out.
 *
 * @throws SimclrError if the file is damaged, holds no graph, or keeps data in other files.
 */
export async function openOnnx(source: ByteSource): Promise<OnnxFile> {
  const { name: file } = source
  const initializers = new Map<string, OnnxInitializer>()
  let producer = ''
  let hasGraph = false
  for await (const field of protoFields(source, { begin: 0, end: source.size })) {
    if (field.number !== undefined) continue
    if (field.field === PRODUCER_NAME) producer = await readText(source, field)
    if (field.field !== GRAPH) continue
    hasGraph = true
    for await (const part of protoFields(source, field)) {
      if (part.field !== INITIALIZER) continue
      const initializer = await onnxInitializer(source, part)
      if (initializer === undefined) continue
      const { name } = initializer
      if (initializers.has(name)) refuseFile(file, 'initializers of different names', `'${name}' twice`)
      initializers.set(name, initializer)
    }
  }
  if (!hasGraph) refuseFile(file, 'an ONNX model with a graph', 'none')
  return {
    name: file,
    arrays: initializers,
    producer,
    async read(wanted) {
      const initializer = arrayNamed(file, initializers, wanted)
      const { stored, shape } = initializer
      return storedArray(stored, shape, await readInitializer(source, initializer))
    },
  }
}

async function readText(source: ByteSource, { begin, end }: ProtoField): Promise<string> {
  return new TextDecoder().decode(await source.read(begin, Math.min(end - begin, LONGEST_PRODUCER)))
}
