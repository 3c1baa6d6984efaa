/** A ResNet and its head in inference as a plain list of operations, from which each export format is written. */
import { SimclrError } from '@simclr/core'
import type { ResNetArchitecture } from '../resnet-architecture.ts'
import { resNetVariants } from '../resnet-variants.ts'
import type { Weights } from '../weights.ts'
import type { GraphNode, GraphOperation } from './graph-node.ts'

/** The one input: images `[n, h, w, 3]`, float32 in [0, 1], any n, h and w. */
export const GRAPH_INPUT = 'images'
/** Of every batch normalisation in encoder and head. */
const EPSILON = 1e-5

/** What a head's output is called: a projection head gives embeddings, a classifier gives logits. */
export type HeadOutput = 'embeddings' | 'logits'

export interface GraphHead {
  readonly output: HeadOutput
  /** Whether the last of its projection layers ends with a ReLU, as all before it do. */
  readonly rectified: boolean
}

/**
 * @param weights Those of the encoder, and those of the head under `head.`; they say which layers there are. Only names
 *   and shapes are read.
 * @param head Without it the graph ends at the features.
 * @returns Nodes in the order of execution. The outputs are the nodes `features` and, with a head, its `output`.
 */
export function inferenceGraph(
  architecture: ResNetArchitecture,
  weights: Weights,
  head?: GraphHead,
): GraphNode[] {
  const graph = new GraphBuilder(weights)
  let hidden = addStem(graph, architecture)
  resNetVariants.get(architecture.depth)!.blocks.forEach((count, group) => {
    for (let i = 0; i < count; i++) {
      const stride = i === 0 && group > 0 ? 2 : 1
      hidden = addBlock(graph, architecture, { name: `group${group + 1}.block${i}`, input: hidden, stride })
    }
  })
  const features = graph.add('features', [hidden], { op: 'spatialMean', keepAxes: false })
  if (head !== undefined) graph.add(head.output, [addHead(graph, features, head)], { op: 'identity' })
  return graph.nodes
}

class GraphBuilder {
  readonly nodes: GraphNode[] = []
  private readonly weights: Weights

  constructor(weights: Weights) {
    this.weights = weights
  }

  has(weight: string): boolean {
    return this.weights.has(weight)
  }

  shape(weight: string): readonly number[] {
    const array = this.weights.get(weight)
    if (array !== undefined) return array.shape
    throw new SimclrError({
      parameter: 'inferenceGraph: weights',
      expected: `an array "${weight}", as the architecture says`,
      received: 'none',
    })
  }

  /** All methods return the name under which the new value is known. */
  add(name: string, inputs: readonly string[], operation: GraphOperation): string {
    this.nodes.push({ name, inputs, ...operation })
    return name
  }

  relu(input: string): string {
    return this.add(`${input}.relu`, [input], { op: 'relu' })
  }

  convolution(name: string, input: string, stride = 1): string {
    const size = this.shape(`${name}.kernel`)[0]!
    return this.add(name, [input], { op: 'convolution', stride, padding: (size - 1) / 2 })
  }

  batchNorm(name: string, input: string): string {
    return this.add(name, [input], { op: 'batchNorm', epsilon: EPSILON })
  }

  /** The layers `${prefix}.conv${index}` and `${prefix}.bn${index}`. */
  convNorm(prefix: string, index: number, input: string, stride = 1): string {
    return this.batchNorm(`${prefix}.bn${index}`, this.convolution(`${prefix}.conv${index}`, input, stride))
  }

  halves(input: string, width: number): [string, string] {
    return [
      this.add(`${input}.first`, [input], { op: 'channels', begin: 0, end: width }),
      this.add(`${input}.second`, [input], { op: 'channels', begin: width, end: 2 * width }),
    ]
  }
}

function addStem(graph: GraphBuilder, { stem, style }: ResNetArchitecture): string {
  let hidden = GRAPH_INPUT
  for (let i = 1; i === 1 || graph.has(`stem.conv${i}.kernel`); i++) {
    hidden = graph.relu(graph.convNorm('stem', i, hidden, i === 1 && stem === 'imagenet' ? 2 : 1))
  }
  if (stem === 'cifar') return hidden
  const pool = { op: 'maxPool', size: 3, stride: 2 } as const
  if (style === 'official') return graph.add('stem.pool', [hidden], { ...pool, padding: 'same' })
  // Behind a ReLU, zeros are no larger than any maximum.
  const padded = graph.add('stem.pad', [hidden], { op: 'pad', before: 1, after: 1 })
  return graph.add('stem.pool', [padded], { ...pool, padding: 'valid' })
}

interface Block {
  readonly name: string
  readonly input: string
  readonly stride: number
}

function addBlock(graph: GraphBuilder, architecture: ResNetArchitecture, block: Block): string {
  const { name, input } = block
  const residual = addShortcut(graph, architecture, block)
  const last = graph.has(`${name}.conv3.kernel`) ? 3 : 2
  let hidden = input
  for (let i = 1; i <= last; i++) {
    const stride = i === last - 1 ? block.stride : 1
    if (graph.has(`${name}.sk${i}.conv.kernel`)) {
      hidden = addSelectiveKernel(graph, { name: `${name}.sk${i}`, input: hidden, stride })
    } else {
      hidden = graph.convNorm(name, i, hidden, stride)
      if (i < last) hidden = graph.relu(hidden)
    }
  }
  return graph.relu(graph.add(`${name}.sum`, [hidden, residual], { op: 'add' }))
}

/** With selective kernels the shortcut's stride is in an average pool, whose odd pixel at stride 2 is a zero. */
function addShortcut(graph: GraphBuilder, architecture: ResNetArchitecture, block: Block): string {
  const { input, stride } = block
  const name = `${block.name}.shortcut`
  if (!graph.has(`${name}.conv1.kernel`)) return input
  if (architecture.selectiveKernelRatio === 0) return graph.convNorm(name, 1, input, stride)
  const padded = stride === 1 ? input : graph.add(`${name}.pad`, [input], { op: 'pad', before: 0, after: 1 })
  const padding = stride === 1 ? 'same' : 'valid'
  const pooled = graph.add(`${name}.pool`, [padded], { op: 'averagePool', size: 2, stride, padding })
  return graph.convNorm(name, 1, pooled)
}

/** Two branches of one convolution, mixed by a softmax over the two: the sigmoid of the difference of their logits. */
function addSelectiveKernel(graph: GraphBuilder, { name, input, stride }: Block): string {
  const width = graph.shape(`${name}.conv.kernel`)[3]! / 2
  const branches = graph.relu(graph.batchNorm(`${name}.bn`, graph.convolution(`${name}.conv`, input, stride)))
  const [first, second] = graph.halves(branches, width)
  const sum = graph.add(`${name}.sum`, [first, second], { op: 'add' })
  const context = graph.add(`${name}.mean`, [sum], { op: 'spatialMean', keepAxes: true })
  const reduced = graph.batchNorm(`${name}.bn_reduce`, graph.convolution(`${name}.reduce`, context))
  const gates = graph.halves(graph.convolution(`${name}.expand`, graph.relu(reduced)), width)
  const difference = graph.add(`${name}.logit`, gates, { op: 'subtract' })
  const weight = graph.add(`${name}.weight`, [difference], { op: 'sigmoid' })
  const contrast = graph.add(`${name}.contrast`, [first, second], { op: 'subtract' })
  const weighted = graph.add(`${name}.weighted`, [weight, contrast], { op: 'multiply' })
  return graph.add(`${name}.mix`, [second, weighted], { op: 'add' })
}

/** Layers of a projection head, then a classifier's linear layer. */
function addHead(graph: GraphBuilder, features: string, { rectified }: GraphHead): string {
  let hidden = features
  for (let i = 0; graph.has(`head.layer${i}.dense.kernel`); i++) {
    const name = `head.layer${i}`
    const dense = graph.add(`${name}.dense`, [hidden], { op: 'dense', bias: false })
    const normalised = graph.batchNorm(`${name}.bn`, dense)
    const last = !graph.has(`head.layer${i + 1}.dense.kernel`)
    hidden = last && !rectified ? normalised : graph.relu(normalised)
  }
  if (!graph.has('head.dense.kernel')) return hidden
  return graph.add('head.dense', [hidden], { op: 'dense', bias: true })
}
