/** Padding around the spatial axes, and its inverse. */
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'

type ExplicitPadding = readonly number[] | undefined

/** Adds `value` around a tensor, [before, after] from the last axis to the first; negative numbers cut instead. */
export function pad(torch: Torch, x: Handle, padding: ExplicitPadding, value = 0): Handle {
  return padding === undefined ? x : torch.call('pad', x, padding, 'constant', value)
}

/** What of a padded tensor was there before: its view, with zeros where the padding had cut. */
export function unpad(torch: Torch, x: Handle, padding: ExplicitPadding): Handle {
  return pad(
    torch,
    x,
    padding?.map((width) => -width),
  )
}
