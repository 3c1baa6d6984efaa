/** W ranks with B images each train as one process with W · B: loss, gradients, statistics and weights (real MPI processes). */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { builtProgram, type MpiInstallation, mpiInstallations, NO_MPI, runMpi } from '@simclr/tools/testing'
import { describe, expect, it, vi } from 'vitest'

// Four processes and another test share two cores.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const PROGRAM = fileURLToPath(new URL('five-steps.ts', import.meta.url))

interface Result {
  size: number
  leaked: number
  steps: Record<string, number>[]
  gradients: Record<string, number[]>
  weights: Record<string, number[]>
  statistics: Record<string, number[]>
}

const alone = new Map<string, Result>()
function onOneProcess(...args: string[]): Result {
  const key = args.join(' ')
  if (!alone.has(key)) {
    const { stdout, stderr } = spawnSync(process.execPath, builtProgram(PROGRAM, ...args), {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
    alone.set(key, parse(stdout, stderr))
  }
  return alone.get(key)!
}

async function onRanks(mpi: MpiInstallation, ranks: number, ...args: string[]): Promise<Result> {
  const { stdout, stderr } = await runMpi(mpi, [{ ranks, args: builtProgram(PROGRAM, ...args) }])
  return parse(stdout, stderr)
}

function parse(stdout: string, stderr: string): Result {
  const line = stdout.split('\n').find((each) => each.startsWith('{'))
  expect(line, stderr).toBeDefined()
  return JSON.parse(line!) as Result
}

/** Equal to `tolerance`, as a difference and as a share of the value. */
function expectClose(ours: Result, theirs: Result, tolerance: number): void {
  for (const part of ['gradients', 'statistics', 'weights'] as const) {
    for (const [name, values] of Object.entries(theirs[part])) {
      const bounds = { absolute: tolerance, relative: tolerance }
      expect(Float32Array.from(ours[part][name]!), `${part} ${name}`).toBeAllClose(values, bounds)
    }
  }
  theirs.steps.forEach((step, i) => {
    for (const [metric, value] of Object.entries(step)) {
      const difference = Math.abs(ours.steps[i]![metric]! - value)
      expect(difference, `step ${i + 1}: ${metric}`).toBeLessThan(tolerance * (1 + Math.abs(value)))
    }
  })
}

if (mpiInstallations.length === 0) it('runs over MPI', ({ skip }) => skip(NO_MPI))

describe.each(mpiInstallations.slice(0, 2))('$name', (mpi) => {
  it.each([2, 4])('%i ranks are one process', async (ranks) => {
    const together = await onRanks(mpi, ranks)
    expect(together).toMatchObject({ size: ranks, leaked: 0 })
    expect(together.steps).toHaveLength(5)
    expectClose(together, onOneProcess(), 1e-5)
  })
})

describe.each(mpiInstallations.slice(0, 1))('$name: losses with global negatives', (mpi) => {
  it.each(['nt-logistic', 'margin-triplet'])('%s', async (loss) => {
    expectClose(await onRanks(mpi, 2, loss), onOneProcess(loss), 2e-5)
  })

  it('gradients in bfloat16 are those in float32 to two digits', async () => {
    const together = await onRanks(mpi, 2, 'nt-xent', '0', 'bf16')
    const exact = onOneProcess()
    expect(together.gradients).not.toEqual(exact.gradients)
    for (const [name, values] of Object.entries(exact.gradients)) {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(Float32Array.from(together.gradients[name]!), name).toBeAllClose(values, {
        absolute: 0.01 * largest + 1e-6,
      })
    }
  })
})
