/** Replicas of the official code (golden 01) as real MPI ranks: losses, and gradients through the gather. */
import { fileURLToPath } from 'node:url'
import {
  builtProgram,
  mpiInstallations,
  NO_MPI,
  readGoldenArrays,
  readGoldenJson,
  runMpi,
} from '@simclr/tools/testing'
import { describe, expect, it, vi } from 'vitest'

// Four processes and another test share two cores.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

interface Case {
  name: string
  replicas: number
  temperature: number
  hidden_norm: boolean
  per_replica: { loss: number }[]
}

const PROGRAM = fileURLToPath(new URL('golden-replicas.ts', import.meta.url))
const fixtures = new URL('../../packages/losses/src/__fixtures__/', import.meta.url)
const { multi_replica: cases } = readGoldenJson<{ multi_replica: Case[] }>(
  new URL('01_ntxent.json', fixtures),
)
const arrays = readGoldenArrays(new URL('01_ntxent.safetensors', fixtures))

if (mpiInstallations.length === 0) it('runs over MPI', ({ skip }) => skip(NO_MPI))

describe.each(mpiInstallations.slice(0, 1))('$name', (mpi) => {
  it.each(cases)(
    '$name: $replicas replicas',
    async ({ name, replicas, temperature, hidden_norm, per_replica }) => {
      const args = builtProgram(PROGRAM, name, String(temperature), String(hidden_norm))
      const { stdout, stderr } = await runMpi(mpi, [{ ranks: replicas, args }])
      const line = stdout.split('\n').find((each) => each.startsWith('{'))
      expect(line, stderr).toBeDefined()
      const { losses, gradients } = JSON.parse(line!) as { losses: number[]; gradients: number[] }
      const size = gradients.length / replicas
      expect(losses).toHaveLength(replicas)
      per_replica.forEach(({ loss }, rank) => {
        // The official code returns twice the mean, and the golden gradient is that of the mean over the replicas.
        expect(2 * losses[rank]!).toBeCloseTo(loss, 4)
        const own = gradients.slice(rank * size, (rank + 1) * size).map((value) => (2 * value) / replicas)
        const expected = arrays.get(`${name}.rep${rank}.grad_hidden`)!.values
        expect(own).toBeAllClose(expected, { absolute: 2e-7, relative: 1e-5 })
      })
    },
  )
})
