/** `mpirun … simclr pretrain --distributed mpi`: results, resuming, and what ends a job (real processes). */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cliArguments, mpiInstallations, NO_MPI, runCli, runMpi } from '@simclr/tools/testing'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

// Four processes and another test share two cores.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simclr-mpi-'))
  await drawImages(join(folder, 'a', 'images'), 24)
  await drawImages(join(folder, 'b', 'images'), 23)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Images of one colour each. */
async function drawImages(path: string, count: number): Promise<void> {
  mkdirSync(path, { recursive: true })
  for (let i = 0; i < count; i++) {
    const background = { r: 10 * i, g: 255 - 10 * i, b: 128 }
    await sharp({ create: { width: 20, height: 20, channels: 3, background } }).toFile(join(path, `${i}.png`))
  }
}

const SMALL = ['--preset', 'tiny', '--width', '0.125', '--batch-size', '8', '--image-size', '16']
const pretrain = (out: string, ...flags: string[]): string[] => [
  ...['pretrain', ...SMALL, '--data', 'folder:images', '--epochs', '4', '--checkpoint-every', '3'],
  ...['--keep-checkpoints', '9', '--knn-every', '0', '--out', join(folder, out), ...flags],
]
const distributed = (out: string, ...flags: string[]): string[] =>
  cliArguments(...pretrain(out, '--distributed', 'mpi', ...flags))
const losses = (out: string): number[] =>
  readFileSync(join(folder, out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).loss)
const checkpoints = (out: string): string[] => readdirSync(join(folder, out, 'checkpoints')).sort()

/** Runs `act` once a step after `step` has been printed. */
const afterStep = (step: number, act: () => void): ((stdout: string) => void) => {
  let isDone = false
  return (stdout) => {
    if (isDone || ![...stdout.matchAll(/step (\d+)\//g)].some(([, number]) => Number(number) > step)) return
    isDone = true
    act()
  }
}

/** Process ids of the ranks of a run, in no certain order. */
function ranksOf(out: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        return command[0] === process.execPath && command.includes(join(folder, out))
      } catch {
        return false
      }
    })
    .map(Number)
}

if (mpiInstallations.length === 0) it('runs over MPI', ({ skip }) => skip(NO_MPI))

describe.each(mpiInstallations.slice(0, 2))('$name', (mpi) => {
  const name = mpi.name.replaceAll(' ', '-')
  const inA = (args: string[], ranks = 2) => ({ ranks, args, cwd: join(folder, 'a') })

  it('refuses other settings of one rank, and names them', async () => {
    const out = `${name}-settings`
    const { status, stderr, seconds } = await runMpi(mpi, [
      inA(distributed(out), 1),
      inA(distributed(out, '--temperature', '0.7'), 1),
    ])
    expect(stderr).toMatch(/rank 0 of 2 .*rank 1 \(.*configuration of rank 0, got temperature: 0.7, not 0.2/)
    expect(status).not.toBe(0)
    expect(seconds).toBeLessThan(30)
    expect(() => readdirSync(join(folder, out))).toThrow('ENOENT')
  })

  it('refuses a dataset that is one image short on one rank', async () => {
    const out = `${name}-images`
    const { status, stderr } = await runMpi(mpi, [
      inA(distributed(out), 1),
      { ranks: 1, args: distributed(out), cwd: join(folder, 'b') },
    ])
    expect(stderr).toMatch(/rank 1 \(.*on the 24 training images of rank 0, got 23/)
    expect(status).not.toBe(0)
  })

  it('tells which rank finds no dataset', async () => {
    const out = `${name}-none`
    const { stderr } = await runMpi(mpi, [
      inA(distributed(out), 1),
      { ranks: 1, args: distributed(out), cwd: folder },
    ])
    expect(stderr).toMatch(/rank 1 .*images/)
  })

  it.each([
    { signal: 'SIGKILL', flags: [] },
    { signal: 'SIGSTOP', flags: ['--hang-timeout', '5'] },
  ] as const)('ends within 30 s of a $signal of one rank, with a checkpoint', async ({ signal, flags }) => {
    const out = `${name}-${signal}`
    let hit = 0
    const act = (): void => {
      hit = performance.now()
      process.kill(Math.max(...ranksOf(out)), signal)
    }
    const { status, stdout, stderr } = await runMpi(
      mpi,
      [inA(distributed(out, '--epochs', '4000', ...flags))],
      {
        onOutput: afterStep(4, act),
      },
    )
    expect(hit).toBeGreaterThan(0)
    expect((performance.now() - hit) / 1000).toBeLessThan(30)
    expect(status).not.toBe(0)
    const said = stdout + stderr
    if (signal === 'SIGSTOP') expect(said).toMatch(/error: rank [01] of 2 \(.*\) has not answered for 5 s/)
    else expect(said).toMatch(/rank [01] of 2 \(.*\) has ended|signal 9/)
    expect(ranksOf(out)).toEqual([])
    expect(checkpoints(out).length).toBeGreaterThan(0)
    const resumed = await runCli(['knn', join(folder, out), '--data', 'synthetic:64'])
    expect(resumed.stderr).not.toMatch(/damaged|SHA-256/)
  })
})

describe.each(mpiInstallations.slice(0, 1))('$name: one process or several', (mpi) => {
  const cwd = () => join(folder, 'a')

  it('log the same losses, and continue each other', async () => {
    await runMpi(mpi, [{ ranks: 1, args: distributed('one'), cwd: cwd() }])
    expect(losses('one')).toHaveLength(12)
    for (const ranks of [2, 4]) {
      const out = `continued-by-${ranks}`
      cpSync(join(folder, 'one'), join(folder, out), { recursive: true })
      for (const later of checkpoints(out).slice(2))
        rmSync(join(folder, out, 'checkpoints', later), { recursive: true })
      expect(checkpoints(out)).toEqual(['step-00000000', 'step-00000003'])
      const { stderr } = await runMpi(mpi, [{ ranks, args: distributed(out, '--resume'), cwd: cwd() }])
      expect(checkpoints(out), stderr).toContain('step-00000012')
      expect(losses(out)[3]).toBeCloseTo(losses('one')[3]!, 4)
      expect(losses(out)[4]).toBeCloseTo(losses('one')[4]!, 2)
    }
  })

  it('refuses a batch that the ranks cannot share', async () => {
    const { stderr } = await runMpi(mpi, [{ ranks: 3, args: distributed('three'), cwd: cwd() }])
    expect(stderr).toMatch(/batchSize.*multiple of the 3 processes.*Use --batch-size 9/)
  })

  it('refuses a transport that it does not know, before anything starts', async () => {
    const { status, complaints } = await runCli([...pretrain('tcp'), '--distributed', 'tcp'])
    expect(status).toBe(1)
    expect(complaints).toMatch(/--distributed: must be mpi or nccl, got "tcp"/)
  })

  it('says what to do without a library', async () => {
    const flags = ['--distributed', 'mpi', '--mpi-library', join(folder, 'libmpi.so')]
    const { status, complaints } = await runCli([...pretrain('nowhere'), ...flags])
    expect(status).toBe(1)
    expect(complaints).toMatch(/^error: MPI: must be installed.*Install Open MPI or MPICH/)
  })
})
