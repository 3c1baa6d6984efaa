/** A run that is killed and resumed ends with the weights of one that was never stopped, bit for bit. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCli } from '@simclr/tools/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'simclr-resume-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TOTAL_STEPS = 24
const settings = [
  ...[
    '--preset',
    'tiny',
    '--data',
    'synthetic:256',
    '--width',
    '0.125',
    '--batch-size',
    '32',
    '--epochs',
    '3',
  ],
  ...['--checkpoint-every', '5', '--knn-every', '0', '--threads', '1'],
]
const pretrain = (out: string, ...more: string[]): string[] => [
  'pretrain',
  ...settings,
  '--out',
  out,
  ...more,
]

const read = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** Steps logged so far. */
const loggedSteps = (out: string): number[] =>
  (read(join(out, 'metrics.jsonl'))?.toString() ?? '')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { event: string; step: number })
    .filter(({ event }) => event === 'step')
    .map(({ step }) => step)

function finalWeights(out: string): Record<string, string> {
  const newest = readdirSync(join(out, 'checkpoints')).sort().at(-1)!
  const path = join(out, 'checkpoints', newest)
  const hash = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(path, name)))
      .digest('hex')
  return { newest, model: hash('model.safetensors'), optimizer: hash('optimizer.safetensors') }
}

/** Sends `signal` a random moment after `step` was logged. */
async function stopAfter(
  out: string,
  step: number,
  signal: NodeJS.Signals,
): Promise<{ status: number | null }> {
  let timer: NodeJS.Timeout | undefined
  const result = await runCli(pretrain(out), {
    onStart: (child) => {
      timer = setInterval(() => {
        if ((loggedSteps(out).at(-1) ?? 0) < step) return
        clearInterval(timer)
        setTimeout(() => child.kill(signal), 60 * Math.random())
      }, 5)
    },
  })
  clearInterval(timer)
  return result
}

describe('simclr pretrain --resume', () => {
  const whole = join(folder, 'whole')

  beforeAll(async () => {
    const { status, complaints } = await runCli(pretrain(whole))
    expect(complaints).toBe('')
    expect(status).toBe(0)
    expect(loggedSteps(whole)).toEqual(Array.from({ length: TOTAL_STEPS }, (_, i) => i + 1))
  })

  it.each([1, 9, 17])('continues after kill -9 near step %i with the same final weights', async (step) => {
    const out = join(folder, `killed-${step}`)
    const killed = await stopAfter(out, step, 'SIGKILL')
    expect(killed.status).toBeNull()
    const resumed = await runCli(pretrain(out, '--resume'))
    expect(resumed.complaints).toBe('')
    expect(resumed.status).toBe(0)
    expect(finalWeights(out)).toEqual(finalWeights(whole))
    expect(loggedSteps(out)).toEqual(loggedSteps(whole))
  })

  it('stops on Ctrl-C with a checkpoint and continues from there', async () => {
    const out = join(folder, 'interrupted')
    const interrupted = await stopAfter(out, 7, 'SIGINT')
    expect(interrupted.status).toBe(130)
    const last = loggedSteps(out).at(-1)!
    expect(last).toBeLessThan(TOTAL_STEPS)
    expect(readdirSync(join(out, 'checkpoints'))).toContain(`step-${String(last).padStart(8, '0')}`)
    const resumed = await runCli(['pretrain', '--out', out, '--resume', '--threads', '1'])
    expect(resumed.status).toBe(0)
    expect(finalWeights(out)).toEqual(finalWeights(whole))
  })

  it('is bit-identical when run again', async () => {
    const again = join(folder, 'again')
    expect((await runCli(pretrain(again))).status).toBe(0)
    expect(finalWeights(again)).toEqual(finalWeights(whole))
  })
})
