/** One call of a kernel, past the checks of tfjs's operations; and the same call made wrong. */
import type { Draw, TensorSpec } from './draw.ts'

export interface KernelCase {
  /** By name, or in order for kernels that take a list. */
  readonly inputs: Readonly<Record<string, TensorSpec>> | readonly TensorSpec[]
  readonly attrs: Readonly<Record<string, unknown>>
}

/** Draws right calls of a kernel. */
export type CaseGenerator = (draw: Draw) => KernelCase

/** The call with one input of another shape or type, or with one number of an attribute replaced. */
export function spoil(draw: Draw, { inputs, attrs }: KernelCase): KernelCase {
  const attribute = draw.pick([...Object.keys(attrs), undefined])
  if (attribute !== undefined) return { inputs, attrs: { ...attrs, [attribute]: spoilValue(draw, attrs[attribute]) } }
  const name = draw.pick(Object.keys(inputs))
  const spoilt = spoilTensor(draw, (inputs as Readonly<Record<string, TensorSpec>>)[name]!)
  const changed = { ...inputs, [name]: spoilt }
  return { inputs: Array.isArray(inputs) ? Object.values(changed) : changed, attrs }
}

function spoilTensor(draw: Draw, { shape, dtype }: TensorSpec): TensorSpec {
  switch (draw.integer(0, 3)) {
    case 0:
      return draw.tensor(shape)
    case 1:
      return draw.tensor(shape.slice(1), [dtype])
    case 2:
      return draw.tensor([...shape, draw.integer(1, 3)], [dtype])
    default:
      return draw.tensor([...shape.slice(0, -1), draw.size()], [dtype])
  }
}

function spoilValue(draw: Draw, value: unknown): unknown {
  if (typeof value === 'number') return draw.pick([-9, -2, -1, 0, 1, 3, 7, 0.5])
  if (!Array.isArray(value)) return value
  if (value.length === 0 || draw.chance(0.2)) return [...value, draw.integer(0, 3)]
  if (draw.chance(0.2)) return value.slice(1)
  const position = draw.integer(0, value.length - 1)
  return value.with(position, spoilValue(draw, value[position]))
}
