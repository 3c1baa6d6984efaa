/** `simclr engine bench`: how fast this engine takes a training step, and where the time goes. */
import { type KernelProfile, profileKernels } from '@simclr/engine'
import { median } from './median.ts'
import { createStep, type StepCase } from './step-case.ts'

/** Median views per second over some steps, after one to warm up. */
export async function measureStep(stepCase: StepCase, repetitions: number): Promise<number> {
  const step = createStep(stepCase)
  try {
    await step.run()
    const rates: number[] = []
    for (let i = 0; i < repetitions; i++) {
      const began = performance.now()
      await step.run()
      rates.push(stepCase.views / ((performance.now() - began) / 1000))
    }
    return median(rates)
  } finally {
    step.dispose()
  }
}

/** The kernels of the third step. */
export async function profileStep(stepCase: StepCase): Promise<KernelProfile> {
  const step = createStep(stepCase)
  try {
    await step.run()
    await step.run()
    return await profileKernels(() => void step.run())
  } finally {
    step.dispose()
  }
}

/** A row for each kernel that takes a thousandth of the time or more, and where the rest goes. */
export function formatProfile({ total, kernels, operatorCalls }: KernelProfile): string {
  const share = (milliseconds: number): string => `${((100 * milliseconds) / total).toFixed(1)} %`
  const row = (name: string, calls: string, milliseconds: number): string =>
    `${name.padEnd(28)}${calls.padStart(7)}${milliseconds.toFixed(1).padStart(10)} ms${share(milliseconds).padStart(8)}`
  const inKernels = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  return [
    ...kernels
      .filter(({ milliseconds }) => milliseconds >= total / 1000)
      .map(({ name, calls, milliseconds }) => row(name, String(calls), milliseconds)),
    row('between kernels', '', total - inKernels),
    row('whole step', '', total),
    ...(operatorCalls === undefined
      ? []
      : [row('of it, FFI and dispatch', String(operatorCalls.calls), operatorCalls.milliseconds)]),
  ].join('\n')
}
