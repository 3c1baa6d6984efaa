/**
 * A kernel beyond tfjs: one step of LARS with classic momentum (see `lars` in @simclr/optimizers) on the processor, a tensor
 * at a time while it is in the caches. The decayed gradient g + weightDecay·w is never held: its norm follows from ‖g‖², ⟨g, w⟩
 * and ‖w‖², and torch's fused SGD does v ← momentum·v + scale·(g + weightDecay·w); w ← w − v in one pass.
 *
 * The inputs are numbered: every parameter, then every gradient, then every velocity. Parameters and velocities whose memory
 * nobody else can see are changed in place, of others a copy is.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type KernelTable, kernel } from '../kernel.ts'
import type { LibtorchBackend } from '../libtorch-backend.ts'
import { LibtorchError } from '../libtorch-error.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { floats } from './floats.ts'

interface Attributes {
  /** Which parameters are decayed and scaled by the trust ratio; the others take plain momentum steps. */
  readonly adapted: readonly boolean[]
  readonly learningRate: number
  /** Above 0: torch keeps no velocity at 0. */
  readonly momentum: number
  readonly weightDecay: number
  readonly trustCoefficient: number
}

/** Below this share of its summands, the sum of squares has lost digits to cancellation. */
const CANCELLATION = 0.01

/** HWIO → OHWI: the order in which the memory of a channels-last filter runs. */
const FILTER_MEMORY = [3, 0, 1, 2]

export const larsKernels: KernelTable = {
  /** @returns the parameters, then the velocities */
  LarsStep: kernel<Readonly<Record<string, TensorInfo>>, Attributes>(({ inputs, attrs, backend, torch }) => {
    const tensors = floats(inputs)
    const count = attrs.adapted.length
    if (tensors.length !== 3 * count)
      throw new LibtorchError(`Three tensors per parameter are needed, ${3 * count}, got ${tensors.length}.`)
    const products = new Float32Array(3)
    const results = attrs.adapted.map((adapted, i) =>
      torch.scope(() => {
        const parameter = own(backend, tensors[i]!)
        const w = backend.activation(parameter)
        const velocity = own(backend, tensors[2 * count + i]!, w)
        const v = backend.activation(velocity)
        const g = arranged(torch, backend.handle(tensors[count + i]!), w, parameter.shape)
        const flat = (handle: Handle): Handle => inMemory(torch, handle, parameter.shape)
        const scale =
          attrs.learningRate * (adapted ? trustRatio(torch, [flat(w), flat(g)], products, attrs) : 1)
        const { momentum, weightDecay } = attrs
        torch.callMany(
          '_fused_sgd_',
          0,
          ...([[w], [g], [v], adapted ? weightDecay : 0, momentum, 1, 1 - scale] as const),
          ...([false, false, false, null, null] as const),
        )
        return [parameter, velocity] as const
      }),
    )
    return [...results.map(([parameter]) => parameter), ...results.map(([, velocity]) => velocity)]
  }),
}

/** trustCoefficient·‖w‖/‖g + weightDecay·w‖; 1 where either norm is 0. */
function trustRatio(
  torch: Torch,
  [weights, gradient]: readonly [Handle, Handle],
  products: Float32Array,
  { weightDecay, trustCoefficient }: Attributes,
): number {
  const product = (a: Handle, b: Handle, slot: number): number => {
    const result = torch.wrap(products.subarray(slot, slot + 1), [], torch.abi.dataTypes.float32)
    torch.call('dot.out', a, b, result)
    return products[slot]!
  }
  const ww = product(weights, weights, 0)
  const gg = product(gradient, gradient, 1)
  const summands = gg + weightDecay ** 2 * ww
  let squared = summands
  if (weightDecay > 0) {
    squared += 2 * weightDecay * product(gradient, weights, 2)
    if (squared < CANCELLATION * summands) {
      const decayed = torch.add(gradient, weights, weightDecay)
      squared = product(decayed, decayed, 2)
    }
  }
  return ww > 0 && squared > 0 ? trustCoefficient * Math.sqrt(ww / squared) : 1
}

/** A tensor that the kernel may change, in the memory order of `model` if given: the tensor itself, or a copy. */
function own(backend: LibtorchBackend, tensor: TensorInfo, model?: Handle): TensorInfo {
  const { torch } = backend
  const { shape } = tensor
  const float32 = torch.abi.dataTypes.float32
  const handle = torch.to(backend.activation(tensor), float32)
  const order = memoryOrder(torch, handle, shape)
  const isInOrder = order !== undefined && (model === undefined || order === memoryOrder(torch, model, shape))
  if (isInOrder && backend.claimWhole(tensor)) return backend.share(tensor)
  const like = model ?? (order === undefined ? torch.empty(shape, float32) : handle)
  const result = backend.output(copyLike(torch, handle, like), shape, 'float32')
  backend.claim(result)
  return result
}

/** The tensor in the memory order of `model`, which has one. */
function arranged(torch: Torch, handle: Handle, model: Handle, shape: readonly number[]): Handle {
  const isInOrder = memoryOrder(torch, handle, shape) === memoryOrder(torch, model, shape)
  return isInOrder ? handle : copyLike(torch, handle, model)
}

function copyLike(torch: Torch, handle: Handle, model: Handle): Handle {
  const copy = torch.call('empty_like', model, null, null, null, null, null)
  torch.copy(copy, handle)
  return copy
}

/** How a tensor without gaps lies in memory; undefined for others. */
function memoryOrder(torch: Torch, handle: Handle, shape: readonly number[]): 'rows' | 'filters' | undefined {
  if (torch.isRowMajor(handle)) return 'rows'
  const isFilter = shape.length === 4 && torch.isRowMajor(torch.call('permute', handle, FILTER_MEMORY))
  return isFilter ? 'filters' : undefined
}

/** The elements of a tensor that has a memory order, as a vector without a copy. */
function inMemory(torch: Torch, handle: Handle, shape: readonly number[]): Handle {
  const isRows = memoryOrder(torch, handle, shape) === 'rows'
  return torch.call('reshape', isRows ? handle : torch.call('permute', handle, FILTER_MEMORY), [-1])
}
