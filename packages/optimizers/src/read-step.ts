/** The count of updates in a snapshot. */
import { SimclrError } from '@simclr/core'
import type { Tensor } from '@tensorflow/tfjs-core'

/** @throws SimclrError unless the tensor is one whole number of at least 0. */
export function readStep(value: Tensor | undefined): number {
  const step = value !== undefined && value.size === 1 ? Number(value.dataSync()[0]) : Number.NaN
  if (Number.isInteger(step) && step >= 0) return step
  throw new SimclrError({
    parameter: 'load: state',
    expected: 'a snapshot, with a scalar "step"',
    received:
      value === undefined ? 'none of that name' : `"step" of shape [${value.shape}] and value ${step}`,
    remedy: 'Pass what state() returned.',
  })
}
