/** A projection head with the weights of a file. */
import type { WeightFile } from '../files/weight-file.ts'
import { ProjectionHead } from '../projection-head.ts'
import { findProjectionHead } from './find-projection-head.ts'
import { axisOf, loadFoundHead } from './found-head.ts'

/**
 * Finds out the number of layers and their widths from the file's names and shapes. Understands our names, the official
 * code's (`head_contrastive/nl_0/…` of release 1, `projection_head/nl_0/…` of release 2), and PyTorch's Sequential of
 * Linear, BatchNorm1d and ReLU (lightly's `projection_head.layers.0.weight`, `projector.0.weight`).
 *
 * @returns The head, which the caller disposes.
 * @throws SimclrError if the file holds no projection head or one of other layers, or is damaged.
 */
export async function importProjectionHead(file: WeightFile): Promise<ProjectionHead> {
  const { arrays } = file
  const head = findProjectionHead(file)
  const layers = [...head.found.keys()].reduce((most, name) => Math.max(most, layerOf(name) + 1), 1)
  const inputWidth = axisOf(head, arrays, 'layer0.dense.kernel', 0) || 1
  const options = {
    inputWidth,
    layers,
    hiddenWidth: (layers > 1 && axisOf(head, arrays, 'layer0.dense.kernel', 1)) || inputWidth,
    outputWidth: axisOf(head, arrays, `layer${layers - 1}.dense.kernel`, 1) || 1,
    lastOffset: head.found.has(`layer${layers - 1}.bn.beta`),
  }
  return loadFoundHead(new ProjectionHead(options), head, file)
}

function layerOf(name: string): number {
  return Number(/^layer(\d+)/.exec(name)![1])
}
