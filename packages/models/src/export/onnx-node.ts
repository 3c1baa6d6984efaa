/** One operation of the graph as one ONNX node (onnx.ai/onnx/operators), on images in NCHW. */
import type { GraphNode } from './graph-node.ts'

export interface OnnxNode {
  readonly type: string
  /** Names of nodes, weights and constants. */
  readonly inputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
  /** int64 vectors that some operators take as inputs, by name. */
  readonly constants: ReadonlyMap<string, readonly number[]>
}

export type OnnxAttribute =
  | { readonly type: 'float' | 'integer'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integers'; readonly value: readonly number[] }

const ELEMENTWISE = {
  identity: 'Identity',
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
} as const

export function onnxNode(node: GraphNode): OnnxNode {
  const { name, inputs } = node
  switch (node.op) {
    case 'convolution':
      return operator('Conv', [...inputs, `${name}.kernel`], {
        strides: integers(node.stride, 2),
        pads: integers(node.padding, 4),
      })
    case 'batchNorm': {
      const weights = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((part) => `${name}.${part}`)
      return operator('BatchNormalization', [...inputs, ...weights], {
        epsilon: { type: 'float', value: node.epsilon },
      })
    }
    case 'dense':
      return operator('Gemm', [...inputs, `${name}.kernel`, ...(node.bias ? [`${name}.bias`] : [])])
    case 'pad': {
      const { before, after } = node
      return withConstants('Pad', node, { pads: [0, 0, before, before, 0, 0, after, after] })
    }
    case 'maxPool':
    case 'averagePool':
      return operator(node.op === 'maxPool' ? 'MaxPool' : 'AveragePool', inputs, {
        kernel_shape: integers(node.size, 2),
        strides: integers(node.stride, 2),
        auto_pad: { type: 'string', value: node.padding === 'same' ? 'SAME_UPPER' : 'VALID' },
      })
    case 'spatialMean':
      return {
        ...withConstants('ReduceMean', node, { axes: [2, 3] }),
        attributes: { keepdims: { type: 'integer', value: Number(node.keepAxes) } },
      }
    case 'channels':
      return withConstants('Slice', node, { starts: [node.begin], ends: [node.end], axes: [1] })
    default:
      return operator(ELEMENTWISE[node.op], inputs)
  }
}

function operator(
  type: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
): OnnxNode {
  return { type, inputs, attributes, constants: new Map() }
}

/** The constants become inputs behind the node's own, in the order given. */
function withConstants(
  type: string,
  { name, inputs }: GraphNode,
  values: Readonly<Record<string, readonly number[]>>,
): OnnxNode {
  const constants = new Map(Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]))
  return { type, inputs: [...inputs, ...constants.keys()], attributes: {}, constants }
}

function integers(value: number, count: number): OnnxAttribute {
  return { type: 'integers', value: new Array<number>(count).fill(value) }
}
