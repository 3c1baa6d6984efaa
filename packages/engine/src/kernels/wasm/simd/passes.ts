/** Loops over arrays: those of batch normalisation, whose last axis is the channels, and a few others. */
import {
  type Code,
  type FunctionDefinition,
  i32,
  increment,
  type Local,
  repeat,
  select,
} from '@simclr/core/simd'
import type { Lanes } from './lanes.ts'

const FLOAT_BYTES = 4

/** The instructions for one step, from the addresses of the elements and of the channels' entries in the tables. */
type Step = (arrays: readonly Code[], tables: readonly Code[], local: () => Local) => Code[]

/** How often a pass's tables hold a value: float32 entries are read, float64 entries are added to. */
interface PassTables {
  readonly float32?: number
  readonly float64?: number
}

/** The names of the functions of {@link passes}. */
export type PassName =
  | 'moments'
  | 'normalize'
  | 'add'
  | 'rectify'
  | 'mask'
  | 'gradientSums'
  | 'inputGradient'
  | 'clip'
  | 'minimum'
  | 'maximum'

/** The functions, each as {@link pass} describes them. */
export function passes(lanes: Lanes): Record<PassName, FunctionDefinition> {
  const { load, store, add, subtract, multiply, accumulate } = lanes
  return {
    /** sum += x, square += x². */
    moments: pass(lanes, 1, { float64: 2 }, ([x], [sum, square], local) => {
      const value = local()
      return [value.set(load(x!)), accumulate(sum!, value), accumulate(square!, value, value)]
    }),
    /** y = (x − mean) · factor + offset. */
    normalize: pass(lanes, 2, { float32: 3 }, ([x, y], [mean, factor, offset]) => [
      store(y!, add(multiply(subtract(load(x!), load(mean!)), load(factor!)), load(offset!))),
    ]),
    /** y += residual. */
    add: pass(lanes, 2, {}, ([y, residual]) => [store(y!, add(load(y!), load(residual!)))]),
    /** y = max(x, 0). */
    rectify: pass(lanes, 2, {}, ([x, y]) => [store(y!, lanes.maximum(load(x!), lanes.zero))]),
    /** g = dy where y is not 0, else 0. */
    mask: pass(lanes, 3, {}, ([dy, y, g]) => [store(g!, lanes.where(load(dy!), load(y!)))]),
    /** sum += g, product += g · (x − mean). */
    gradientSums: pass(lanes, 2, { float32: 1, float64: 2 }, ([g, x], [mean, sum, product], local) => {
      const [gradient, centred] = [local(), local()]
      return [
        gradient.set(load(g!)),
        centred.set(subtract(load(x!), load(mean!))),
        accumulate(sum!, gradient),
        accumulate(product!, gradient, centred),
      ]
    }),
    /** dx = g · slope + (x − mean) · curvature + shift. */
    inputGradient: pass(lanes, 3, { float32: 4 }, ([g, x, dx], [mean, slope, curvature, shift]) => {
      const fromX = multiply(subtract(load(x!), load(mean!)), load(curvature!))
      return [store(dx!, add(add(multiply(load(g!), load(slope!)), fromX), load(shift!)))]
    }),
    /** y = x, but not below low nor above high; NaN stays. */
    clip: pass(lanes, 2, { float32: 2 }, ([x, y], [low, high]) => [
      store(y!, lanes.minimum(lanes.maximum(load(x!), load(low!)), load(high!))),
    ]),
    /** y = min(a, b), NaN where either is. */
    minimum: pass(lanes, 3, {}, ([a, b, y]) => [store(y!, lanes.minimum(load(a!), load(b!)))]),
    /** y = max(a, b), NaN where either is. */
    maximum: pass(lanes, 3, {}, ([a, b, y]) => [store(y!, lanes.maximum(load(a!), load(b!)))]),
  }
}

/**
 * Goes through arrays of float32, `lanes` elements a step.
 *
 * Parameters: the number of steps (1 or more); the bytes after which the float32 tables repeat and the place in
 * them to start from; the addresses of the arrays, of the float32 tables, of the float64 tables.
 */
function pass(
  lanes: Lanes,
  arrayCount: number,
  { float32 = 0, float64 = 0 }: PassTables,
  step: Step,
): FunctionDefinition {
  return {
    parameters: 3 + arrayCount + float32 + float64,
    body: (parameters, local) => {
      const [steps, period, place] = parameters as [Local, Local, Local]
      const arrays = parameters.slice(3, 3 + arrayCount)
      const tables = parameters.slice(3 + arrayCount)
      const entries = tables.map(({ get }, index) =>
        i32.add(get, index < float32 ? place.get : i32.add(place.get, place.get)),
      )
      const bytes = i32.constant(lanes.count * FLOAT_BYTES)
      const atEnd = i32.equal(place.get, period.get)
      return [
        repeat(steps, [
          ...step(
            arrays.map(({ get }) => get),
            entries,
            () => local(lanes.type),
          ),
          ...[...arrays, place].map((address) => increment(address, bytes)),
          place.set(select(i32.constant(0), place.get, atEnd)),
        ]),
      ]
    },
  }
}
