/** The activations that tfjs fuses into products and convolutions. */
import type { backend_util } from '@tensorflow/tfjs-core'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { elu, leakyRelu } from './unary.ts'

export interface FusedActivation {
  readonly activation: backend_util.Activation
  readonly leakyreluAlpha?: number | undefined
  /** Slopes of the negative part for `prelu`, broadcastable to `x`. */
  readonly slopes?: Handle | undefined
}

/** @param x a fresh tensor, which ReLU overwrites */
export function activate(torch: Torch, x: Handle, fused: FusedActivation): Handle {
  switch (fused.activation) {
    case 'linear':
      return x
    case 'relu':
      return torch.call('relu_', x)
    case 'relu6':
      return torch.call('relu6', x)
    case 'elu':
      return elu(torch, x)
    case 'sigmoid':
      return torch.call('sigmoid', x)
    case 'leakyrelu':
      return leakyRelu(torch, x, fused.leakyreluAlpha ?? 0.2)
    case 'prelu':
      if (fused.slopes === undefined) throw new LibtorchError('The prelu activation needs its weights.')
      return torch.call('_prelu_kernel', x, fused.slopes)
    default:
      throw new LibtorchError(`Unknown activation ${fused.activation}.`)
  }
}
