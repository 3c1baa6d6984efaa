/** One operation of the graph as one TensorFlow node, of those that TensorFlow.js's graph models execute. */
import type { GraphNode } from './graph-node.ts'

export interface TfjsNode {
  readonly op: string
  /** Names of nodes, weights and constants. */
  readonly inputs: readonly string[]
  readonly attributes: Readonly<Record<string, object>>
  /** int32 arrays that some operations take as inputs, by name. */
  readonly constants: ReadonlyMap<string, TfjsConstant>
}

export interface TfjsConstant {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

const ELEMENTWISE = {
  identity: 'Identity',
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  add: 'AddV2',
  subtract: 'Sub',
  multiply: 'Mul',
} as const

/** A dense layer with bias becomes two nodes, all other operations one; the last bears the operation's name. */
export function tfjsNodes(node: GraphNode): ReadonlyMap<string, TfjsNode> {
  const { name, inputs } = node
  if (node.op !== 'dense' || !node.bias) return new Map([[name, tfjsNode(node)]])
  const product = `${name}.product`
  return new Map([
    [product, operation('MatMul', [...inputs, `${name}.kernel`])],
    [name, operation('AddV2', [product, `${name}.bias`])],
  ])
}

function tfjsNode(node: GraphNode): TfjsNode {
  const { name, inputs } = node
  switch (node.op) {
    case 'convolution': {
      const { padding, stride } = node
      return operation('Conv2D', [...inputs, `${name}.kernel`], {
        strides: integers([1, stride, stride, 1]),
        padding: text('EXPLICIT'),
        explicit_paddings: integers([0, 0, padding, padding, padding, padding, 0, 0]),
        data_format: text('NHWC'),
        dilations: integers([1, 1, 1, 1]),
      })
    }
    case 'batchNorm': {
      const weights = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) => `${name}.${part}`)
      return operation('FusedBatchNormV3', [...inputs, ...weights], {
        epsilon: { f: node.epsilon },
        data_format: text('NHWC'),
        is_training: { b: false },
      })
    }
    case 'dense':
      return operation('MatMul', [...inputs, `${name}.kernel`])
    case 'pad': {
      const { before, after } = node
      return withConstants('Pad', node, {
        paddings: { shape: [4, 2], values: [0, 0, before, after, before, after, 0, 0] },
      })
    }
    case 'maxPool':
    case 'averagePool': {
      const { size, stride, padding } = node
      return operation(node.op === 'maxPool' ? 'MaxPool' : 'AvgPool', inputs, {
        ksize: integers([1, size, size, 1]),
        strides: integers([1, stride, stride, 1]),
        padding: text(padding.toUpperCase()),
        data_format: text('NHWC'),
      })
    }
    case 'spatialMean': {
      const mean = withConstants('Mean', node, { axes: { shape: [2], values: [1, 2] } })
      return { ...mean, attributes: { keep_dims: { b: node.keepAxes } } }
    }
    case 'channels': {
      const { begin, end } = node
      return withConstants('Slice', node, {
        begin: { shape: [4], values: [0, 0, 0, begin] },
        size: { shape: [4], values: [-1, -1, -1, end - begin] },
      })
    }
    default:
      return operation(ELEMENTWISE[node.op], inputs)
  }
}

function operation(
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, object>> = {},
): TfjsNode {
  return { op, inputs, attributes, constants: new Map() }
}

/** The constants become inputs behind the node's own, in the order given. */
function withConstants(
  op: string,
  { name, inputs }: GraphNode,
  values: Readonly<Record<string, TfjsConstant>>,
): TfjsNode {
  const constants = new Map(Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]))
  return { op, inputs: [...inputs, ...constants.keys()], attributes: {}, constants }
}

/** Numbers of 64 bits are strings in protobuf's JSON. */
function integers(values: readonly number[]): object {
  return { list: { i: values.map(String) } }
}

/** Bytes are base64 in protobuf's JSON. */
function text(value: string): object {
  return { s: btoa(value) }
}
