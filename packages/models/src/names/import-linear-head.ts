/** A linear classifier with the weights of a file. */
import { SimclrError } from '@simclr/core'
import type { WeightFile } from '../files/weight-file.ts'
import { LinearHead } from '../linear-head.ts'
import { findLinearHead } from './find-linear-head.ts'
import { axisOf, loadFoundHead } from './found-head.ts'
import { summarize } from './summarize.ts'

/**
 * Understands our names (`dense.kernel` under any prefix), the official code's (`head_supervised/linear_layer/dense/…`,
 * `supervised_head/…`), and PyTorch's (`fc.weight` of torchvision and timm, under any prefix; `linear`, `classifier`).
 *
 * @returns The head, which the caller disposes.
 * @throws SimclrError if the file holds no linear head, or is damaged.
 */
export async function importLinearHead(file: WeightFile): Promise<LinearHead> {
  const head = findLinearHead(file)
  if (head === undefined) {
    const { arrays } = file
    throw new SimclrError({
      parameter: `importLinearHead: ${file.name}`,
      expected:
        'a file with dense.kernel (simclr), head_supervised/linear_layer/dense/kernel or supervised_head/linear_layer/… (tensorflow), or fc.weight, linear.weight or classifier.weight (pytorch)',
      received: arrays.size === 0 ? 'no array' : `${arrays.size} arrays: ${summarize([...arrays.keys()])}`,
      remedy: 'Train one: linearEvaluation or fineTune.',
    })
  }
  const inputWidth = axisOf(head, file.arrays, 'dense.kernel', 0) || 1
  const classes = axisOf(head, file.arrays, 'dense.kernel', 1) || 1
  return loadFoundHead(new LinearHead({ inputWidth, classes }), head, file)
}
