/** Conversion between data types on torch tensors. */
import type { StoredType } from '../data-type.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'

/** The tensor in another type; the same tensor when it already has that type. */
export function cast(torch: Torch, tensor: Handle, to: StoredType | 'int64' | 'float64'): Handle {
  return torch.call('to.dtype', tensor, torch.abi.dataTypes[to], false, false, null)
}
