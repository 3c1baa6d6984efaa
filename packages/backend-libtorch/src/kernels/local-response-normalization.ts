/** Local response normalisation over channels and its gradient. */
import {
  type LRNAttrs,
  type LRNGradAttrs,
  type LRNGradInputs,
  type LRNInputs,
  util,
} from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { pad } from './pad.ts'
import { requireIntegers, requireRank, requireType } from './require.ts'

export const localResponseNormalizationKernels: KernelTable = {
  LRN: kernel<LRNInputs, LRNAttrs>(({ inputs: { x }, attrs, backend, torch }) => {
    requireType('float32', x)
    requireRank(4, x.shape)
    const handle = backend.handle(x)
    const factor = torch.call('pow.Tensor_Tensor', norm(torch, handle, attrs), torch.constant(-attrs.beta))
    return backend.output(torch.call('mul.Tensor', handle, factor), x.shape, x.dtype)
  }),

  /** With n = bias + alpha · Σx², dx = dy · n^-beta − 2 · alpha · beta · x · Σ(dy · y / n). */
  LRNGrad: kernel<LRNGradInputs, LRNGradAttrs>(({ inputs: { x, y, dy }, attrs, backend, torch }) => {
    const { depthRadius, alpha, beta } = attrs
    requireType('float32', x, y, dy)
    requireRank(4, x.shape)
    util.assertShapesMatch(x.shape, y.shape)
    util.assertShapesMatch(x.shape, dy.shape)
    const [xHandle, yHandle, gradient] = [backend.handle(x), backend.handle(y), backend.handle(dy)]
    const norms = norm(torch, xHandle, attrs)
    const factor = torch.call('pow.Tensor_Tensor', norms, torch.constant(-beta))
    const direct = torch.call('mul.Tensor', gradient, factor)
    const shares = torch.call('div.Tensor', torch.call('mul.Tensor', gradient, yHandle), norms)
    const spread = torch.call('mul.Tensor', xHandle, neighbourSum(torch, shares, depthRadius))
    return backend.output(torch.add(direct, spread, -2 * alpha * beta), x.shape, x.dtype)
  }),
}

function norm(torch: Torch, x: Handle, { depthRadius, bias, alpha }: LRNAttrs): Handle {
  requireIntegers('depthRadius', [depthRadius])
  const sums = neighbourSum(torch, torch.call('mul.Tensor', x, x), depthRadius)
  return torch.add(torch.constant(bias), sums, alpha)
}

/** Sums over the channels at most `radius` away. */
function neighbourSum(torch: Torch, x: Handle, radius: number): Handle {
  const neighbours = torch.call('unfold', pad(torch, x, [radius, radius]), -1, 2 * radius + 1, 1)
  return torch.call('sum.dim_IntList', neighbours, [-1], false, null)
}
