/** Softmax and its logarithm. */
import type { LogSoftmaxAttrs, LogSoftmaxInputs, SoftmaxAttrs, SoftmaxInputs } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import { cast } from './cast.ts'

export const softmaxKernels: KernelTable = {
  Softmax: kernel<SoftmaxInputs, SoftmaxAttrs>(({ inputs: { logits }, attrs: { dim }, backend, torch }) =>
    backend.output(
      torch.call('_softmax', cast(torch, backend.handle(logits), 'float32'), dim, false),
      logits.shape,
      'float32',
    ),
  ),
  LogSoftmax: kernel<LogSoftmaxInputs, LogSoftmaxAttrs>(
    ({ inputs: { logits }, attrs: { axis }, backend, torch }) =>
      backend.output(
        torch.call('_log_softmax', cast(torch, backend.handle(logits), 'float32'), axis, false),
        logits.shape,
        'float32',
      ),
  ),
}
