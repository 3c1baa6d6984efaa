/** The way from real numbers to the integer types of tfjs. */

import type { DataType } from '@tensorflow/tfjs-core'
import { type StoredType, storedType } from '../data-type.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'
import { cast } from './cast.ts'

/** Real numbers in a data type; for integers and booleans fractions are cut off first, as JavaScript's typed arrays do. */
export function truncate(torch: Torch, x: Handle, dtype: DataType): Handle {
  const type: StoredType = storedType(dtype)
  return cast(torch, type === 'bool' ? cast(torch, x, 'int32') : x, type)
}
