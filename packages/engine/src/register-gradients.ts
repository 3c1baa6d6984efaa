/**
 * The gradients of every TensorFlow.js operation, which `@tensorflow/tfjs-core` alone does not have.
 *
 * They live in a folder that plain Node cannot import, so the build bundles it: a second copy of the operations that
 * shares the global engine and registries. The copy's tensors need a handler for their methods of their own.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { buffer } from '@tensorflow/tfjs-core/dist/ops/buffer'
import { cast } from '@tensorflow/tfjs-core/dist/ops/cast'
import { clone } from '@tensorflow/tfjs-core/dist/ops/clone'
import { print } from '@tensorflow/tfjs-core/dist/ops/print'
import { setOpHandler } from '@tensorflow/tfjs-core/dist/tensor'

/** Call it once before gradients are computed; calling it again changes nothing. */
export function registerGradients(): void {
  setOpHandler({ buffer, cast, clone, print })
}
