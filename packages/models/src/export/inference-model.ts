/** What an export writes: the graph, the weights it names, and the shapes of its outputs. */
import { SimclrError } from '@simclr/core'
import type { SafetensorsArray } from '../files/safetensors.ts'
import type { LinearHead } from '../linear-head.ts'
import { MlpHead } from '../mlp-head.ts'
import { ProjectionHead } from '../projection-head.ts'
import type { ResNet } from '../resnet.ts'
import { moduleWeights, type Weights } from '../weights.ts'
import type { GraphNode } from './graph-node.ts'
import { type GraphHead, inferenceGraph } from './inference-graph.ts'

/** What may follow the encoder in an exported model. */
export type ExportedHead = ProjectionHead | LinearHead | MlpHead

export interface InferenceModel {
  readonly nodes: readonly GraphNode[]
  /** All arrays that the nodes name, F32; the head's begin with `head.`. */
  readonly weights: Weights
  /** Output names to the length of each row. */
  readonly outputs: ReadonlyMap<string, number>
}

/**
 * Reads encoder and head; both stay the caller's.
 *
 * @throws SimclrError if the head takes features of another width.
 */
export async function inferenceModel(
  encoder: ResNet,
  head: ExportedHead | undefined,
): Promise<InferenceModel> {
  const [encoderWeights, headWeights] = await Promise.all([
    moduleWeights(encoder),
    head === undefined ? new Map<string, SafetensorsArray>() : moduleWeights(head),
  ])
  const weights = new Map([
    ...encoderWeights,
    ...[...headWeights].map(([name, array]): [string, SafetensorsArray] => [`head.${name}`, array]),
  ])
  const outputs = new Map([['features', encoder.featureWidth]])
  let graphHead: GraphHead | undefined
  if (head !== undefined) {
    const output = head instanceof ProjectionHead ? 'embeddings' : 'logits'
    outputs.set(output, head instanceof ProjectionHead ? head.outputWidth : head.classes)
    graphHead = { output, rectified: head instanceof MlpHead && head.rectified }
    const kernel = weights.get('head.layer0.dense.kernel') ?? weights.get('head.dense.kernel')
    checkHeadWidth(kernel?.shape[0] ?? outputs.get(output)!, encoder.featureWidth)
  }
  const nodes = inferenceGraph(encoder.options, weights, graphHead)
  addAbsentOffsets(weights)
  return { nodes, weights, outputs }
}

function checkHeadWidth(inputWidth: number, featureWidth: number): void {
  if (inputWidth === featureWidth) return
  throw new SimclrError({
    parameter: 'export: head',
    expected: `a head for the encoder's ${featureWidth} features`,
    received: `one for ${inputWidth}`,
  })
}

/** The formats want an offset of every batch normalisation; a projection head's last one has none. */
function addAbsentOffsets(weights: Weights): void {
  for (const name of [...weights.keys()]) {
    if (!name.endsWith('.moving_mean')) continue
    const offset = name.replace(/moving_mean$/, 'beta')
    const { shape } = weights.get(name)!
    if (!weights.has(offset)) {
      weights.set(offset, { dtype: 'F32', shape, values: new Float32Array(shape[0]!) })
    }
  }
}
