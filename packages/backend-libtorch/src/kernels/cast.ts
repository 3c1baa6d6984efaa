/** Conversion between data types on torch tensors. */
import type { StoredType } from '../data-type.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'

/**
 * The tensor in another type; the same tensor when it already has that type. On the way to 32 bits through 64, numbers
 * beyond the integers wrap around, and NaN and infinities become 0, as in JavaScript.
 */
export function cast(torch: Torch, tensor: Handle, to: StoredType | 'int64' | 'float64'): Handle {
  const { dataTypes } = torch.abi
  const source = to === 'int32' ? torch.call('to.dtype', tensor, dataTypes.int64, false, false, null) : tensor
  return torch.call('to.dtype', source, dataTypes[to], false, false, null)
}
