import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mpiCandidates, mpiLauncher } from './find-mpi.ts'
import { loadMpi } from './mpi-library.ts'

let prefix: string
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), 'simclr-mpi-'))
  for (const [folder, file] of [
    ['bin', 'mpirun'],
    ['lib', 'libmpi.so.12'],
  ] as const) {
    mkdirSync(join(prefix, folder))
    writeFileSync(join(prefix, folder, file), '')
  }
})
afterEach(() => rmSync(prefix, { recursive: true }))

describe('the launcher', () => {
  it.each([
    { environment: {}, launcher: { kind: undefined, size: undefined } },
    { environment: { OMPI_COMM_WORLD_SIZE: '4' }, launcher: { kind: 'Open MPI', size: 4 } },
    { environment: { PMI_SIZE: '3', PMI_RANK: '1' }, launcher: { kind: 'MPICH', size: 3 } },
    {
      environment: { SLURM_STEP_ID: '0', SLURM_PROCID: '1', SLURM_NTASKS: '8' },
      launcher: { kind: undefined, size: 8 },
    },
    { environment: { SLURM_NTASKS: '8' }, launcher: { kind: undefined, size: undefined } },
  ])('$environment', ({ environment, launcher }) => {
    expect(mpiLauncher(environment)).toEqual(launcher)
  })
})

describe('the candidates', () => {
  it('are the named library alone', () => {
    expect(mpiCandidates({ SIMCLR_MPI_LIBRARY: '/b' }, '/a')).toEqual(['/a'])
    expect(mpiCandidates({ SIMCLR_MPI_LIBRARY: '/b' })).toEqual(['/b'])
  })

  it("begin with what lies beside the path's mpirun", () => {
    const [first, second] = mpiCandidates({ PATH: `/nowhere:${join(prefix, 'bin')}` })
    expect(first).toBe(join(prefix, 'lib', 'libmpi.so.12'))
    expect(second).toBe('libmpi.so.40')
  })

  it("put the launcher's own library before others", () => {
    expect(mpiCandidates({ PMI_SIZE: '2' })[0]).toBe('libmpich.so.12')
    expect(mpiCandidates({ OMPI_COMM_WORLD_SIZE: '2' })[0]).toBe('libmpi.so.40')
  })
})

it('names what cannot be loaded', () => {
  expect(() => loadMpi([join(prefix, 'lib', 'libmpi.so.12')])).toThrow(
    /^MPI: must be installed.*libmpi.so.12/,
  )
  expect(() => loadMpi(['libnothere.so.1', 'libnothere.so.2'])).toThrow(
    /none of libnothere.so.1, libnothere.so.2/,
  )
})
