import { objectGraphNames } from './object-graph-names.ts'
import type { TensorflowCheckpoint } from './open-tensorflow-checkpoint.ts'
import type { WeightFile } from './weight-file.ts'

/**
 * A checkpoint by the full names of its variables, as TensorFlow 1 and the official weights name them, where it has a
 * graph of objects that tells them apart; otherwise by its own keys.
 *
 * @throws SimclrError if the graph is damaged.
 */
export async function withFullNames(checkpoint: TensorflowCheckpoint): Promise<WeightFile> {
  const graph = await checkpoint.readObjectGraph()
  if (graph === undefined) return checkpoint
  const names = objectGraphNames(graph)
  const keys = new Map([...checkpoint.arrays.keys()].map((key) => [names.get(key) || key, key]))
  if (keys.size < checkpoint.arrays.size) return checkpoint
  return {
    name: checkpoint.name,
    arrays: new Map([...keys].map(([name, key]) => [name, checkpoint.arrays.get(key)!])),
    read: (name) => checkpoint.read(keys.get(name) ?? name),
  }
}
