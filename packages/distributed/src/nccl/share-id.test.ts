/** Real processes that share an id, rank 0 of which hears nothing afterwards, as inside ncclCommInitRank. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openTcpStore } from '../tcp-store.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const module = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

/** Rank 0 does not close the store: if that kept its process alive, the test would time out. */
const program = `
import { openTcpStore } from ${module('../tcp-store.ts')}
import { shareIdOverStore } from ${module('./share-id.ts')}
const [rank, size, port] = process.argv.slice(1).map(Number)
const store = await openTcpStore({ rank, size, host: '127.0.0.1', port })
if (process.env.END_EARLY === String(rank)) process.kill(process.pid, 'SIGKILL')
const id = await shareIdOverStore(store)(rank === 0 ? new Uint8Array(128).fill(42) : undefined)
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, rank === 0 ? 1000 : 0)
if (rank !== 0) store.close()
console.log(id.length, id.every((byte) => byte === 42))
`

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function launch(source: string, args: number[], env: Record<string, string> = {}): Promise<Ended> {
  const flags = ['--import', 'tsx', '--conditions', '@simclr/source', '--input-type=module', '-e', source]
  const child = spawn(process.execPath, [...flags, ...args.map(String)], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  const output = [child.stdout, child.stderr].map((stream) => stream.toArray())
  const [code] = (await once(child, 'close')) as [number | null]
  const [stdout, stderr] = (await Promise.all(output)).map((chunks) => Buffer.concat(chunks).toString())
  return { code, stdout: stdout!, stderr: stderr! }
}

async function launchAll(size: number, env?: Record<string, string>): Promise<Ended[]> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return Promise.all(Array.from({ length: size }, (_, rank) => launch(program, [rank, size, port], env)))
}

it('reaches every rank before rank 0 stops to answer', async () => {
  const results = await launchAll(3)
  expect(results).toEqual(Array(3).fill({ code: 0, stdout: '128 true\n', stderr: '' }))
})

it('fails on rank 0 if another is killed on the way', async () => {
  const [first, second] = await launchAll(3, { END_EARLY: '1' })
  expect(second!.code).toBe(null)
  expect(first!.code).toBe(1)
  expect(first!.stderr).toContain('rank 1 is gone')
})

it('a store that is left open does not keep a process alive', async () => {
  const store = await openTcpStore({ rank: 0, size: 2, host: '127.0.0.1', port: 0 })
  const source = `
import { openTcpStore } from ${module('../tcp-store.ts')}
const store = await openTcpStore({ rank: 1, size: 2, host: '127.0.0.1', port: Number(process.argv[1]) })
await store.set('key', new Uint8Array(3))`
  const ended = await launch(source, [store.port])
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await store.get('key')).toHaveLength(3)
  store.close()
})
