/** Encoder and head as an ONNX model (onnx.ai, onnx.proto): what onnxruntime and most other inference engines load. */
import { checkInteger, checkRange } from '@simclr/core'
import type { SafetensorsArray } from '../files/safetensors.ts'
import type { ResNet } from '../resnet.ts'
import { GRAPH_INPUT } from './inference-graph.ts'
import { type ExportedHead, inferenceModel } from './inference-model.ts'
import { type OnnxAttribute, onnxNode } from './onnx-node.ts'
import { PRODUCER } from './producer.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

export interface EncodeOnnxOptions {
  /** What follows the encoder; default nothing. */
  readonly head?: ExportedHead
  /** Version of ONNX's operators, 18 to 26 (onnxruntime 1.30); default 21 (onnxruntime 1.18). */
  readonly opset?: number
}

/** Of the file's structure; 8 is the one that came with the lowest opset above. */
const IR_VERSION = 8
const TENSOR_FLOAT = 1
const TENSOR_INT64 = 7
const NCHW = 'images.nchw'
const TO_NCHW: Readonly<Record<string, OnnxAttribute>> = { perm: { type: 'integers', value: [0, 3, 1, 2] } }

/**
 * Writes inference with moving statistics. The model takes `images`, float32 `[n, h, w, 3]` in [0, 1] with any n, h
 * and w, channels last as everywhere in these packages: its first node transposes to NCHW, in which the rest works. It
 * gives `features` `[n, featureWidth]` and, with a head, `embeddings` (projection head) or `logits` (linear or MLP head).
 * Initializers bear the names of the weights, the head's behind `head.`; convolution kernels are `[out, in, h, w]`.
 *
 * @returns The bytes of an `.onnx` file.
 * @throws SimclrError if opset is out of its range, the head takes features of another width, or the file would pass 2 GB, the limit of the format.
 *
 * @example
 * await writeFile('encoder.onnx', await encodeOnnx(encoder))
 */
export async function encodeOnnx(
  encoder: ResNet,
  { head, opset = 21 }: EncodeOnnxOptions = {},
): Promise<Uint8Array> {
  checkInteger('encodeOnnx: opset', opset, 18)
  checkRange('encodeOnnx: opset', opset, 18, 26)
  const { nodes, weights, outputs } = await inferenceModel(encoder, head)
  const graph = new ProtobufWriter().message(1, nodeProto(NCHW, 'Transpose', [GRAPH_INPUT], TO_NCHW))
  const initializers: ProtobufWriter[] = []
  for (const node of nodes) {
    const { type, inputs, attributes, constants } = onnxNode(node)
    const read = inputs.map((input) => (input === GRAPH_INPUT ? NCHW : input))
    graph.message(1, nodeProto(node.name, type, read, attributes))
    for (const [name, values] of constants) initializers.push(constantProto(name, values))
  }
  for (const [name, array] of weights) initializers.push(weightProto(name, array))

  graph.string(2, 'simclr')
  for (const initializer of initializers) graph.message(5, initializer)
  graph.message(11, valueInfo(GRAPH_INPUT, ['n', 'h', 'w', 3]))
  for (const [name, width] of outputs) graph.message(12, valueInfo(name, ['n', width]))
  return new ProtobufWriter()
    .integer(1, IR_VERSION)
    .string(2, PRODUCER.name)
    .string(3, PRODUCER.version)
    .message(7, graph)
    .message(8, new ProtobufWriter().string(1, '').integer(2, opset))
    .toBytes()
}

/** NodeProto; its one output bears its name. */
function nodeProto(
  name: string,
  type: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>>,
): ProtobufWriter {
  const proto = new ProtobufWriter()
  for (const input of inputs) proto.string(1, input)
  proto.string(2, name).string(3, name).string(4, type)
  for (const [key, attribute] of Object.entries(attributes)) proto.message(5, attributeProto(key, attribute))
  return proto
}

/** AttributeProto: each type has its field, and its number in the field `type`. */
function attributeProto(name: string, attribute: OnnxAttribute): ProtobufWriter {
  const proto = new ProtobufWriter().string(1, name)
  switch (attribute.type) {
    case 'float':
      return proto.float(2, attribute.value).integer(20, 1)
    case 'integer':
      return proto.integer(3, attribute.value).integer(20, 2)
    case 'string':
      return proto.string(4, attribute.value).integer(20, 3)
    case 'integers':
      for (const value of attribute.value) proto.integer(8, value)
      return proto.integer(20, 7)
  }
}

function constantProto(name: string, values: readonly number[]): ProtobufWriter {
  return tensorProto(name, TENSOR_INT64, [values.length], BigInt64Array.from(values, BigInt))
}

function weightProto(name: string, { shape, values }: SafetensorsArray): ProtobufWriter {
  const kernel = values as Float32Array
  if (shape.length !== 4) return tensorProto(name, TENSOR_FLOAT, shape, kernel)
  const [height, width, input, output] = shape as [number, number, number, number]
  return tensorProto(name, TENSOR_FLOAT, [output, input, height, width], toOihw(kernel, input, output))
}

/** TensorProto with its values as raw little-endian bytes, which are not copied here. */
function tensorProto(
  name: string,
  type: number,
  shape: readonly number[],
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): ProtobufWriter {
  const proto = new ProtobufWriter()
  for (const length of shape) proto.integer(1, length)
  return proto
    .integer(2, type)
    .string(8, name)
    .bytes(9, new Uint8Array(buffer, byteOffset, byteLength))
}

/** From `[pixels, in, out]` to `[out, in, pixels]`. */
function toOihw(values: Float32Array, inputWidth: number, outputWidth: number): Float32Array {
  const transposed = new Float32Array(values.length)
  const pixels = values.length / (inputWidth * outputWidth)
  let position = 0
  for (let output = 0; output < outputWidth; output++) {
    for (let input = 0; input < inputWidth; input++) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        transposed[position++] = values[(pixel * inputWidth + input) * outputWidth + output]!
      }
    }
  }
  return transposed
}

/** ValueInfoProto of a float32 tensor; lengths given by name are free. */
function valueInfo(name: string, shape: readonly (string | number)[]): ProtobufWriter {
  const shapeProto = new ProtobufWriter()
  for (const length of shape) {
    const dimension = new ProtobufWriter()
    shapeProto.message(
      1,
      typeof length === 'string' ? dimension.string(2, length) : dimension.integer(1, length),
    )
  }
  const tensorType = new ProtobufWriter().integer(1, TENSOR_FLOAT).message(2, shapeProto)
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensorType))
}
