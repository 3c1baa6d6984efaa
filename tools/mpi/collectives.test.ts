/** Operations of the communicator by real MPI processes, with each MPI and two ways to reach memory. */
import { fileURLToPath } from 'node:url'
import { builtProgram, mpiInstallations, NO_MPI, runMpi } from '@simclr/tools/testing'
import { beforeAll, describe, expect, it, vi } from 'vitest'

// Four processes and another test share two cores.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const PROGRAM = fileURLToPath(new URL('collectives.ts', import.meta.url))
const ranks = (size: number): number[] => Array.from({ length: size }, (_, rank) => rank)
const total = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0)

if (mpiInstallations.length === 0) it('runs over MPI', ({ skip }) => skip(NO_MPI))

const cases = mpiInstallations.flatMap((mpi) =>
  [
    { size: 1, backend: 'auto' },
    { size: 2, backend: 'cpu' },
    { size: 3, backend: 'auto' },
  ].map((each) => ({ ...each, mpi, name: mpi.name })),
)

describe.each(cases)('$name, $size ranks, engine $backend', ({ mpi, size, backend }) => {
  let results: Record<string, never>[]
  beforeAll(async () => {
    const { stdout, stderr, status } = await runMpi(mpi, [
      { ranks: size, args: builtProgram(PROGRAM, backend) },
    ])
    expect(status, stderr).toBe(0)
    results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .sort((a, b) => a.rank - b.rank)
  })

  it('every rank is there once', () => {
    expect(results.map(({ rank, size }) => ({ rank, size }))).toEqual(
      ranks(size).map((rank) => ({ rank, size })),
    )
    expect(results[0]!.version).toMatch(mpi.name === 'Open MPI' ? /^Open MPI v\d/ : /^MPICH/)
  })

  it('sums, on every rank, and arguments stay', () => {
    const sum = [0, 1, 2, 3, 4].map((i) => total(ranks(size).map((rank) => i + 10 * rank)))
    results.forEach((result, rank) => {
      expect(result).toMatchObject({
        sum,
        scalar: [total(ranks(size)) + size],
        sumOfInt32: [total(ranks(size)), 7 * size],
        input: [0, 1, 2, 3, 4].map((i) => i + 10 * rank),
      })
    })
  })

  it('gathers in rank order, whatever the strides, and broadcasts', () => {
    const from = Math.min(1, size - 1)
    const gathered = ranks(size).flatMap((rank) => [rank, 7])
    for (const result of results) {
      expect(result).toMatchObject({
        gathered,
        transposed: ranks(size).flatMap((rank) => [0, 3, 1, 4, 2, 5].map((value) => value + rank)),
        broadcast: [0, 1, 2, 3, 4].map((i) => i + 10 * from),
        later: [result.sum, gathered, [0, 1, 2, 3, 4].map((i) => i + 10 * (size - 1))],
      })
    }
  })

  it('adds bfloat16 up in float32: whole numbers below 256 exactly, others to three digits', () => {
    for (const { bfloat16, sum, bfloat16Error } of results) {
      expect(bfloat16).toEqual(sum)
      expect(bfloat16Error).toBeGreaterThan(0)
      expect(bfloat16Error).toBeLessThan(2 ** -7)
    }
  })

  it('leaks no tensor', () => {
    expect(results.map(({ leaked }) => leaked)).toEqual(ranks(size).map(() => 0))
  })
})
