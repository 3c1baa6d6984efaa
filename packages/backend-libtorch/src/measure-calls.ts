/** How much of a computation is spent on the way into libtorch and back. */
import { backend } from '@tensorflow/tfjs-core'
import { LibtorchBackend } from './libtorch-backend.ts'
import { LibtorchError } from './libtorch-error.ts'

const REPETITIONS = 20_000

/** Operator calls of a computation. */
export interface OperatorCalls {
  readonly calls: number
  /** What one call costs that computes nothing, in milliseconds: the way through the FFI and torch's dispatcher. */
  readonly millisecondsPerCall: number
}

/**
 * Counts the torch operators that `run` calls, and measures what a call costs.
 *
 * @throws LibtorchError unless libtorch is the current backend
 */
export function measureCalls(run: () => void): OperatorCalls {
  const current = backend()
  if (!(current instanceof LibtorchBackend)) throw new LibtorchError('libtorch must be the current backend.')
  const { torch } = current
  const before = torch.calls
  run()
  const calls = torch.calls - before
  const empty = (): void => {
    for (let i = 0; i < REPETITIONS; i++) torch.scope(() => torch.call('permute', torch.constant(0), []))
  }
  empty()
  const began = performance.now()
  empty()
  return { calls, millisecondsPerCall: (performance.now() - began) / REPETITIONS }
}
