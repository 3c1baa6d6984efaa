/** The C calls: their arguments on the side of a stub compiled here, and a real NCCL where there is one. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import koffi from 'koffi'
import { afterAll, describe, expect, it } from 'vitest'
import { testingNccl } from './__fixtures__/testing-nccl.ts'
import { loadNccl, NCCL_ID_BYTES } from './nccl-library.ts'

const folder = mkdtempSync(join(tmpdir(), 'simclr-nccl-'))
afterAll(() => rmSync(folder, { recursive: true }))

function compile(name: string, ...flags: string[]): string | undefined {
  const source = fileURLToPath(new URL('./__fixtures__/fake-nccl.c', import.meta.url))
  const path = join(folder, name)
  const { status, error, stderr } = spawnSync('cc', ['-shared', '-fPIC', ...flags, '-o', path, source])
  if (status === 0) return path
  console.warn(`The calls of NCCL are not tested: no C compiler (${error?.message ?? stderr}).`)
  return undefined
}

const stub = compile('fake.so')

describe.skipIf(stub === undefined)('calls, as C sees them', () => {
  const library = loadNccl(stub ?? '')
  const c = koffi.load(stub ?? '')
  const seenAt: (i: number) => number | bigint = c.func('uint64_t fake_seen(int i)')
  const fail: (code: number, asynchronous: number) => void = c.func('void fake_fail(int code, int later)')
  const seen = (count: number): bigint[] => Array.from({ length: count }, (_, i) => BigInt(seenAt(i)))
  const [send, receive, group, stream] = [0x7f00_0000_0100n, 0x7f00_0000_0200n, 0xffff_8000_0000_0010n, 3n]

  it('read the version and the id', () => {
    expect(library.version).toBe('2.30.7')
    expect(library.newId()).toEqual(Uint8Array.from({ length: 128 }, (_, i) => 255 - i))
  })

  it('pass the id by value', () => {
    const id = Uint8Array.from({ length: NCCL_ID_BYTES }, (_, i) => (i * 37) % 256)
    expect(library.join(8, id, 5)).toBe(0x7fffdeadbeef0n)
    const weighted = id.reduce((sum, byte, i) => sum + (i + 1) * byte, 0)
    expect(seen(3)).toEqual([8n, 5n, BigInt(weighted)])
  })

  it('pass addresses, counts beyond 32 bits, types and places', () => {
    const count = 2 ** 33 + 1
    library.allReduceSum(send, receive, count, 'float32', group, stream)
    expect(seen(7)).toEqual([send, receive, BigInt(count), 7n, 0n, group, stream])
    library.allGather(send, receive, 5, 'int32', group, stream)
    expect(seen(6)).toEqual([send, receive, 5n, 2n, group, stream])
    library.broadcast(send, receive, 5, 'bf16', 3, group, stream)
    expect(seen(7)).toEqual([send, receive, 5n, 9n, 3n, group, stream])
    library.send(send, 5, 'bf16', 6, group, stream)
    expect(seen(7)).toEqual([send, 5n, 9n, 6n, group, stream, 1n])
    library.receive(receive, 5, 'bf16', 6, group, stream)
    expect(seen(7)).toEqual([receive, 5n, 9n, 6n, group, stream, 2n])
    library.leave(group)
    expect(seen(2)).toEqual([group, 1n])
    library.abort(group)
    expect(seen(2)).toEqual([group, 2n])
  })

  it('throw what NCCL says, and end what began together', () => {
    fail(1, 0)
    try {
      const run = (): void => library.send(send, 5, 'bf16', 6, group, stream)
      expect(() => library.together(run)).toThrow(
        "ncclSend: must be successful, got unhandled cuda error: Cuda failure 'the words of CUDA'. Check with nvidia-smi",
      )
      expect(seen(8)[7]).toBe(0n)
    } finally {
      fail(0, 0)
    }
  })

  it('tell of what went wrong later; work under way is not wrong', () => {
    library.check(group)
    try {
      fail(0, 7)
      library.check(group)
      fail(0, 6)
      expect(() => library.check(group)).toThrow(
        'NCCL group: must be successful, got remote process exited: Cuda failure',
      )
    } finally {
      fail(0, 0)
    }
  })

  it('refuse a version without bf16, and other libraries', () => {
    const old = compile('old.so', '-DFAKE_VERSION=2804')
    expect(() => loadNccl(old!)).toThrow(
      'NCCL: must be version 2.10 or newer, got version code 2804. Install',
    )
    expect(() => loadNccl('libm.so.6')).toThrow(/NCCL: must be a loadable libnccl .* got libm\.so\.6: .*nccl/)
    expect(() => loadNccl('/no/such.so')).toThrow('got /no/such.so: ')
  })
})

const path = testingNccl()

describe('the real NCCL', () => {
  it('has version 2 and makes ids without a GPU', ({ skip }) => {
    skip(path === undefined, 'no NCCL: set SIMCLR_TEST_NCCL to its path')
    const library = loadNccl(path!)
    expect(library.version).toMatch(/^2\.\d+\.\d+$/)
    const [first, second] = [library.newId(), library.newId()]
    expect(Buffer.compare(first, second)).not.toBe(0)
  })

  it('without a GPU says what is missing', ({ skip }) => {
    skip(path === undefined, 'no NCCL: set SIMCLR_TEST_NCCL to its path')
    skip(existsSync('/dev/nvidia0'), 'there is a GPU')
    const library = loadNccl(path!)
    expect(() => library.join(1, library.newId(), 0)).toThrow(
      /^ncclCommInitRank: must be successful, got .*cuda.*\. Check with nvidia-smi/is,
    )
  })
})
