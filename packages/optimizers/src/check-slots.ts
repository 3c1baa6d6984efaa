/** Compares an optimizer's slots with those that a snapshot or a list of parameters calls for. */
import { SimclrError } from '@simclr/core'

/** Shapes by slot name. */
export type SlotShapes = ReadonlyMap<string, readonly number[]>

const LISTED = 5

/** @throws SimclrError listing the slots that are missing, unexpected or of another shape. */
export function checkSlots(parameter: string, expected: SlotShapes, received: SlotShapes): void {
  const missing = [...expected.keys()].filter((name) => !received.has(name))
  const unexpected = [...received.keys()].filter((name) => !expected.has(name))
  const reshaped = [...expected]
    .filter(([name, shape]) => received.has(name) && String(received.get(name)) !== String(shape))
    .map(([name, shape]) => `${name} [${received.get(name)!.join(', ')}] instead of [${shape.join(', ')}]`)
  const faults = [
    ...describe('missing', missing),
    ...describe('unexpected', unexpected),
    ...describe('of another shape', reshaped),
  ]
  if (faults.length === 0) return
  throw new SimclrError({
    parameter,
    expected: "a match of the optimizer's state with its trainable parameters",
    received: `state ${faults.join('; ')}`,
    remedy:
      'Use one optimizer for one fixed set of trainable parameters, and load the state that was saved for it.',
  })
}

function describe(fault: string, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const rest = names.length > LISTED ? ` and ${names.length - LISTED} more` : ''
  return [`${fault}: ${names.slice(0, LISTED).join(', ')}${rest}`]
}
