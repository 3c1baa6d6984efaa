/** The thin state around a gradient transform: its slots, the step count, and their way in and out of checkpoints. */
import { addEach, type NamedTensor, type Parameter, SimclrError } from '@simclr/core'
import { scalar, type Tensor, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core'
import { checkSlots, type SlotShapes } from './check-slots.ts'
import type { GradientTransform, TransformContext } from './gradient-transform.ts'
import { readStep } from './read-step.ts'

/**
 * A whole update by a kernel of the engine, equal to that of a transform: writes to the slots and returns the new values
 * of the parameters; undefined where the engine has no such kernel.
 */
export type FusedUpdate = (
  gradients: readonly Tensor[],
  context: TransformContext,
) => readonly Tensor[] | undefined

/** Updates parameters from their gradients. */
export interface Optimizer {
  /** Number of updates made. */
  readonly step: number
  /**
   * One update. `gradients[i]` belongs to `parameters[i]`; parameters that are not trainable are skipped. Arguments
   * are not disposed.
   *
   * @throws SimclrError if counts or shapes differ, a name repeats, or the trainable parameters are not those of the
   * updates before or of the loaded state. Nothing has changed then.
   */
  update(parameters: readonly Parameter[], gradients: readonly Tensor[]): void
  /**
   * A snapshot that later updates leave alone: the int32 scalar `step`, and `PARAMETER/SLOT` for each slot, e.g.
   * `stem.conv1.kernel/momentum`. The caller disposes the tensors.
   */
  state(): NamedTensor[]
  /**
   * Goes back to a snapshot, bit for bit. A new optimizer takes any snapshot and compares it with the parameters of its
   * next update. Arguments are not disposed.
   *
   * @throws SimclrError listing what is missing, unexpected or of another shape. Nothing has changed then.
   */
  load(state: readonly NamedTensor[]): void
  /** Disposes the slots. The optimizer cannot be used afterwards. */
  dispose(): void
}

/**
 * An optimizer that subtracts the transformed gradients from the parameters.
 *
 * @param transform What defines the update.
 * @param fused The same update in one call, for engines that have it.
 * @example
 * const plainMomentum = createOptimizer(chain(momentum({ decay: 0.9 }), scaleByLearningRate(0.1)))
 */
export function createOptimizer(transform: GradientTransform, fused?: FusedUpdate): Optimizer {
  const slots = new Map<string, Variable>()
  let step = 0
  let started = false

  function slotShapes(parameters: readonly Parameter[]): SlotShapes {
    return new Map(
      parameters.flatMap(({ name, value }) =>
        transform.slots.map((slot) => [`${name}/${slot}`, value.shape] as const),
      ),
    )
  }

  return {
    get step() {
      return step
    },

    update(parameters, gradients) {
      checkPairs(parameters, gradients)
      const trained = parameters.filter(({ trainable }) => trainable)
      const expected = slotShapes(trained)
      if (started) checkSlots('update: parameters', expected, shapesOf(slots))
      else for (const [name, shape] of expected) slots.set(name, zeroVariable(shape))
      started = true
      tidy(() => {
        const context: TransformContext = {
          parameters: trained,
          step,
          slot: (name) => trained.map((of) => slots.get(`${of.name}/${name}`)!),
        }
        const taken = gradients.filter((_, index) => parameters[index]!.trainable)
        const values = trained.map(({ value }) => value)
        const updated = fused?.(taken, context) ?? addEach(values, transform.apply(taken, context), -1)
        updated.forEach((value, index) => {
          values[index]!.assign(value)
        })
      })
      step += 1
    },

    state() {
      const copies = [...slots].map(([name, value]) => ({ name, value: value.clone() }))
      return [{ name: 'step', value: scalar(step, 'int32') }, ...copies]
    },

    load(state) {
      const values = new Map(state.map(({ name, value }) => [name, value]))
      const loadedStep = readStep(values.get('step'))
      values.delete('step')
      if (started) checkSlots('load: state', shapesOf(slots), shapesOf(values))
      for (const [name, value] of values) {
        const slot = slots.get(name)
        if (slot === undefined) slots.set(name, variable(value, false))
        else slot.assign(value)
      }
      step = loadedStep
      started = step > 0 || slots.size > 0
    },

    dispose() {
      for (const slot of slots.values()) slot.dispose()
      slots.clear()
    },
  }
}

function shapesOf(tensors: ReadonlyMap<string, Tensor>): SlotShapes {
  return new Map([...tensors].map(([name, { shape }]) => [name, shape]))
}

function zeroVariable(shape: readonly number[]): Variable {
  return tidy(() => variable(zeros([...shape]), false))
}

function checkPairs(parameters: readonly Parameter[], gradients: readonly Tensor[]): void {
  if (parameters.length !== gradients.length) {
    throw new SimclrError({
      parameter: 'update: gradients',
      expected: `one per parameter, ${parameters.length}`,
      received: String(gradients.length),
    })
  }
  const names = new Set<string>()
  parameters.forEach(({ name, value }, index) => {
    const { shape } = gradients[index]!
    if (shape.length !== value.shape.length || shape.some((size, axis) => size !== value.shape[axis])) {
      throw new SimclrError({
        parameter: `update: gradient of ${name}`,
        expected: `of shape [${value.shape.join(', ')}]`,
        received: `[${shape.join(', ')}]`,
        remedy: 'Pass gradients in the order of the parameters.',
      })
    }
    if (names.has(name)) {
      throw new SimclrError({
        parameter: 'update: parameters',
        expected: 'of distinct names',
        received: `"${name}" twice`,
      })
    }
    names.add(name)
  })
}
