/** Encoder and head as a graph model of TensorFlow.js (@tensorflow/tfjs-converter: model.json and binary shards). */
import type { ResNet } from '../resnet.ts'
import { GRAPH_INPUT } from './inference-graph.ts'
import { type ExportedHead, type InferenceModel, inferenceModel } from './inference-model.ts'
import { PRODUCER } from './producer.ts'
import { type TfjsNode, tfjsNodes } from './tfjs-node.ts'

export interface EncodeTfjsGraphModelOptions {
  /** What follows the encoder; default nothing. */
  readonly head?: ExportedHead
}

/** Few requests, and short enough for any browser's cache. */
const SHARD_BYTES = 64 * 2 ** 20
const FLOAT = { type: 'DT_FLOAT' }

interface NodeDefinition {
  readonly name: string
  readonly op: string
  readonly input: readonly string[]
  readonly attr: Readonly<Record<string, object>>
}

interface Constant {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | Int32Array
}

/**
 * Writes inference with moving statistics. The model takes `images`, float32 `[n, h, w, 3]` in [0, 1] with any n, h
 * and w, and gives `features` `[n, featureWidth]` and, with a head, `embeddings` (projection head) or `logits` (linear
 * or MLP head).
 *
 * @returns Files by name: `model.json`, and the weights in shards of 64 MiB beside it.
 * @throws SimclrError if the head takes features of another width.
 *
 * @example
 * for (const [name, bytes] of await encodeTfjsGraphModel(encoder)) await writeFile(join(folder, name), bytes)
 * // in a browser, with @tensorflow/tfjs or tfjs-converter:
 * const model = await tf.loadGraphModel('https://…/model.json')
 * const features = model.execute(images, 'features')
 */
export async function encodeTfjsGraphModel(
  encoder: ResNet,
  { head }: EncodeTfjsGraphModelOptions = {},
): Promise<Map<string, Uint8Array>> {
  const model = await inferenceModel(encoder, head)
  const operations = model.nodes.flatMap((node) => [...tfjsNodes(node)])
  const constants = constantsOf(model, operations)
  const shards = writeShards(constants)
  const paths = shards.map((_, i) => `group1-shard${i + 1}of${shards.length}.bin`)
  const description = {
    format: 'graph-model',
    generatedBy: `${PRODUCER.name} ${PRODUCER.version}`,
    convertedBy: null,
    signature: signatureOf(model),
    modelTopology: {
      node: [
        placeholder(),
        ...constants.map(constantNode),
        ...operations.map(([name, { op, inputs, attributes }]) => ({
          name,
          op,
          input: inputs,
          attr: { ...attributes, T: FLOAT },
        })),
      ],
      library: {},
      versions: { producer: 1 },
    },
    weightsManifest: [
      {
        paths,
        weights: constants.map(({ name, shape, values }) => ({ name, shape, dtype: dtypeOf(values) })),
      },
    ],
  }
  return new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(description))],
    ...paths.map((path, i): [string, Uint8Array] => [path, shards[i]!]),
  ])
}

function constantsOf({ weights }: InferenceModel, operations: readonly [string, TfjsNode][]): Constant[] {
  return [
    ...[...weights].map(([name, { shape, values }]) => ({ name, shape, values: values as Float32Array })),
    ...operations.flatMap(([, { constants }]) =>
      [...constants].map(([name, { shape, values }]) => ({ name, shape, values: Int32Array.from(values) })),
    ),
  ]
}

function placeholder(): NodeDefinition {
  const shape = { shape: shapeProto([-1, -1, -1, 3]) }
  return { name: GRAPH_INPUT, op: 'Placeholder', input: [], attr: { dtype: FLOAT, shape } }
}

/** The values are in the manifest, under the node's name. */
function constantNode({ name, shape, values }: Constant): NodeDefinition {
  const dtype = dtypeOf(values) === 'float32' ? 'DT_FLOAT' : 'DT_INT32'
  const value = { tensor: { dtype, tensorShape: shapeProto(shape) } }
  return { name, op: 'Const', input: [], attr: { dtype: { type: dtype }, value } }
}

function signatureOf({ outputs }: InferenceModel): object {
  const entry = (name: string, shape: readonly number[]) => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: shapeProto(shape),
  })
  return {
    inputs: { [GRAPH_INPUT]: entry(GRAPH_INPUT, [-1, -1, -1, 3]) },
    outputs: Object.fromEntries([...outputs].map(([name, width]) => [name, entry(name, [-1, width])])),
  }
}

function shapeProto(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size: String(size) })) }
}

function dtypeOf(values: Float32Array | Int32Array): 'float32' | 'int32' {
  return values instanceof Float32Array ? 'float32' : 'int32'
}

/** The values one behind the other, cut without regard to where one ends. */
function writeShards(constants: readonly Constant[]): Uint8Array[] {
  const total = constants.reduce((sum, { values }) => sum + values.byteLength, 0)
  const shards = Array.from(
    { length: Math.ceil(total / SHARD_BYTES) },
    (_, i) => new Uint8Array(Math.min(SHARD_BYTES, total - i * SHARD_BYTES)),
  )
  let position = 0
  for (const { values } of constants) {
    let rest = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    while (rest.length > 0) {
      const shard = shards[Math.floor(position / SHARD_BYTES)]!
      const start = position % SHARD_BYTES
      const part = rest.subarray(0, shard.length - start)
      shard.set(part, start)
      rest = rest.subarray(part.length)
      position += part.length
    }
  }
  return shards
}
