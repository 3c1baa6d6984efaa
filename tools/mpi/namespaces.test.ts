/** Two network namespaces with an address each: a real TCP path between two ranks gives the numbers of one host. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtProgram, mpiInstallations, runMpi } from '@simclr/tools/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

// Four processes and another test share two cores.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const PROGRAM = fileURLToPath(new URL('five-steps.ts', import.meta.url))
const SPACES = ['simclr-a', 'simclr-b'] as const
const ADDRESSES = ['10.123.45.1', '10.123.45.2'] as const
const NETWORK = '10.123.45.0/24'

const openMpi = mpiInstallations.find(({ name }) => name === 'Open MPI')
const ip = (...args: string[]) => spawnSync('ip', args, { encoding: 'utf8' })
const removeSpaces = (): void => {
  for (const space of SPACES) ip('netns', 'delete', space)
}
/** Undefined if there is nothing in the way. */
const obstacle = ((): string | undefined => {
  if (openMpi === undefined) return 'no Open MPI: install openmpi-bin'
  removeSpaces()
  const { status, error, stderr } = ip('netns', 'add', SPACES[0])
  return status === 0 ? undefined : `no network namespaces: ${error?.message ?? stderr.trim()}`
})()

let folder: string
beforeAll(() => {
  if (obstacle !== undefined) return
  folder = mkdtempSync(join(tmpdir(), 'simclr-namespaces-'))
  ip('netns', 'add', SPACES[1])
  ip('link', 'add', 'simclr-va', 'type', 'veth', 'peer', 'name', 'simclr-vb')
  SPACES.forEach((space, i) => {
    const device = `simclr-v${'ab'[i]}`
    ip('link', 'set', device, 'netns', space)
    ip('-n', space, 'addr', 'add', `${ADDRESSES[i]}/24`, 'dev', device)
    for (const each of ['lo', device]) ip('-n', space, 'link', 'set', each, 'up')
  })
  // Open MPI reaches other hosts by this in place of ssh: AGENT HOST COMMAND…
  const agent = `#!/bin/sh\nhost=$1; shift\ncase $host in ${ADDRESSES[0]}) space=${SPACES[0]};; *) space=${SPACES[1]};; esac\nexec ip netns exec $space sh -c "$*"\n`
  writeFileSync(join(folder, 'agent'), agent)
  chmodSync(join(folder, 'agent'), 0o755)
})
afterAll(() => {
  if (obstacle !== undefined) return
  removeSpaces()
  rmSync(folder, { recursive: true, force: true })
})

it('two ranks across namespaces are two ranks of one host', async ({ skip }) => {
  skip(obstacle !== undefined, obstacle)
  const program = [{ ranks: 2, args: builtProgram(PROGRAM) }]
  const here = await runMpi(openMpi!, program)
  const across = await runMpi(
    {
      ...openMpi!,
      mpirun: 'ip',
      args: [
        ...['netns', 'exec', SPACES[0], openMpi!.mpirun, '--bind-to', 'none'],
        ...['--host', ADDRESSES.map((address) => `${address}:1`).join(',')],
        ...['--mca', 'plm_rsh_agent', join(folder, 'agent'), '--mca', 'btl', 'tcp,self'],
        ...['--mca', 'btl_tcp_if_include', NETWORK, '--mca', 'oob_tcp_if_include', NETWORK],
      ],
    },
    program,
  )
  expect(across.status, across.stderr).toBe(0)
  expect(JSON.parse(across.stdout)).toEqual(JSON.parse(here.stdout))
  const sent = JSON.parse(ip('-n', SPACES[0], '-s', '-j', 'link', 'show', 'simclr-va').stdout)[0].stats64.tx
    .bytes
  expect(sent).toBeGreaterThan(1_000_000)
})
