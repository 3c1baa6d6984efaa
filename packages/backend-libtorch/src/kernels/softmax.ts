/** Softmax and its logarithm. */
import {
  type LogSoftmaxAttrs,
  type LogSoftmaxInputs,
  type SoftmaxAttrs,
  type SoftmaxInputs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { cast } from './cast.ts'
import { requireType } from './require.ts'

export const softmaxKernels: KernelTable = {
  Softmax: kernel<SoftmaxInputs, SoftmaxAttrs>(({ inputs: { logits }, attrs: { dim }, backend, torch }) => {
    requireType('float32', logits)
    requireLast(dim, logits)
    return backend.output(torch.call('_softmax', backend.handle(logits), dim, false), logits.shape, 'float32')
  }),
  LogSoftmax: kernel<LogSoftmaxInputs, LogSoftmaxAttrs>(
    ({ inputs: { logits }, attrs: { axis }, backend, torch }) => {
      requireLast(axis, logits)
      return backend.output(
        torch.call('_log_softmax', cast(torch, backend.handle(logits), 'float32'), axis, false),
        logits.shape,
        'float32',
      )
    },
  ),
}

/** tfjs defines softmax along the last axis. */
function requireLast(axis: number, { shape }: TensorInfo): void {
  util.assert(axis === shape.length - 1, () => `The axis must be the last of [${shape}], got ${axis}.`)
}
