import { ProtoMessage } from './proto-message.ts'

/**
 * The variables' names in an object-based checkpoint (TF2, Keras), whose keys are paths of Python attributes.
 *
 * @param graph A TrackableObjectGraph (tensorflow/core/protobuf/trackable_object_graph.proto), as `readObjectGraph`
 *   gives it.
 * @returns Checkpoint key → full name, e.g. `model/conv/kernel/.ATTRIBUTES/VARIABLE_VALUE` → `conv2d/kernel`.
 * @throws SimclrError if the bytes are no such message.
 */
export function objectGraphNames(graph: Uint8Array): ReadonlyMap<string, string> {
  const nodes = new ProtoMessage('objectGraphNames: graph', graph).messages(1)
  const attributes = nodes.flatMap((node) => node.messages(2))
  return new Map(
    attributes
      .map((attribute) => [attribute.text(3), attribute.text(2)] as const)
      .filter(([key]) => key !== ''),
  )
}
