/** The assertion of both WebGPU tests. */
import { expect } from 'vitest'
import type { ThreeSteps } from './three-steps.ts'

/** Losses agree to 1e-5 and the changes of each parameter to 2e-4 of the largest one; seen: 3e-6 and 3e-5. */
export function expectAgreement(webgpu: ThreeSteps, cpu: ThreeSteps): void {
  expect(webgpu.losses).toBeAllClose(cpu.losses, { relative: 1e-5 })
  expect(Object.keys(webgpu.changes)).toEqual(Object.keys(cpu.changes))
  for (const [name, changes] of Object.entries(cpu.changes)) {
    expect(Math.max(...changes.map(Math.abs)), name).toBeGreaterThan(1e-3)
    expect(webgpu.changes[name], name).toBeAllClose(changes, { relative: 2e-4 })
  }
  expect(webgpu.leaked).toBe(0)
}
