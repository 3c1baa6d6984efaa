/** An exponential moving average of weights (Polyak & Juditsky 1992; the teacher of BYOL and its kin). */
import { addEach, checkRange, multiplyEach, type NamedTensor } from '@simclr/core'
import { scalar, tidy, type Variable, variable } from '@tensorflow/tfjs-core'
import { checkSlots } from './check-slots.ts'
import { readStep } from './read-step.ts'

export interface ExponentialMovingAverageOptions {
  /** Share of the average that survives an update, 0..1. Default 0.999. */
  readonly decay?: number
  /** Use min(decay, (1 + step)/(10 + step)), so that early weights are soon forgotten. Default false. */
  readonly warmup?: boolean
}

/** A variable with a name: a parameter, or a moving statistic of a module. */
export interface NamedVariable {
  readonly name: string
  readonly value: Variable
}

/** Averages of variables over the updates of a training. */
export interface ExponentialMovingAverage {
  /** Number of updates made. */
  readonly step: number
  /**
   * average ← decay·average + (1 − decay)·value; the first update copies the values. Pass `[...network.parameters(),
   * ...network.state()]` to average the moving statistics too; without them they belong to other weights.
   *
   * @throws SimclrError if the variables are not those of the updates before.
   */
  update(variables: readonly NamedVariable[]): void
  /** Exchanges the averages with the values of the variables; a second call takes it back. */
  swap(variables: readonly NamedVariable[]): void
  /** A snapshot: the int32 scalar `step`, then the averages by name. The caller disposes the tensors. */
  state(): NamedTensor[]
  /**
   * Goes back to a snapshot. Arguments are not disposed.
   *
   * @throws SimclrError if it does not match the averages that are kept. Nothing has changed then.
   */
  load(state: readonly NamedTensor[]): void
  /** Disposes the averages. */
  dispose(): void
}

/**
 * @throws SimclrError unless 0 ≤ decay ≤ 1.
 * @example
 * const average = exponentialMovingAverage({ decay: 0.999 })
 * average.update(network.parameters()) // after each update of the optimizer
 * average.swap(network.parameters()) // evaluate with the averages
 */
export function exponentialMovingAverage({
  decay = 0.999,
  warmup = false,
}: ExponentialMovingAverageOptions = {}): ExponentialMovingAverage {
  checkRange('exponentialMovingAverage: decay', decay, 0, 1)
  const averages = new Map<string, Variable>()
  let step = 0

  const matching = (task: string, variables: readonly NamedVariable[]): Variable[] => {
    checkSlots(`${task}: variables`, shapesOf(variables), shapesOf(listed()))
    return variables.map(({ name }) => averages.get(name)!)
  }
  const listed = (): NamedVariable[] => [...averages].map(([name, value]) => ({ name, value }))

  return {
    get step() {
      return step
    },

    update(variables) {
      if (averages.size === 0) {
        for (const { name, value } of variables) averages.set(name, copyOf(value))
      } else {
        const own = matching('update', variables)
        const share = warmup ? Math.min(decay, (1 + step) / (10 + step)) : decay
        tidy(() => {
          const values = variables.map(({ value }) => value)
          const moved = addEach(multiplyEach(own, share), values, 1 - share)
          own.forEach((average, index) => {
            average.assign(moved[index]!)
          })
        })
      }
      step += 1
    },

    swap(variables) {
      const own = matching('swap', variables)
      tidy(() => {
        variables.forEach(({ value }, index) => {
          const held = value.clone()
          value.assign(own[index]!)
          own[index]!.assign(held)
        })
      })
    },

    state: () => [
      { name: 'step', value: scalar(step, 'int32') },
      ...listed().map(({ name, value }) => ({ name, value: value.clone() })),
    ],

    load(state) {
      const values = state.filter(({ name }) => name !== 'step')
      const loadedStep = readStep(state.find(({ name }) => name === 'step')?.value)
      if (averages.size > 0) checkSlots('load: state', shapesOf(listed()), shapesOf(values))
      for (const { name, value } of values) {
        const average = averages.get(name)
        if (average === undefined) averages.set(name, copyOf(value))
        else average.assign(value)
      }
      step = loadedStep
    },

    dispose() {
      for (const average of averages.values()) average.dispose()
      averages.clear()
    },
  }
}

function shapesOf(tensors: readonly NamedTensor[]): Map<string, readonly number[]> {
  return new Map(tensors.map(({ name, value }) => [name, value.shape]))
}

function copyOf(value: NamedTensor['value']): Variable {
  return tidy(() => variable(value.clone(), false))
}
