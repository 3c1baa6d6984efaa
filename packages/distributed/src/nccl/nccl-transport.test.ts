/** The transport: three ranks on NCCL's semantics in memory of JavaScript, and one rank on a GPU where there is one. */
import { nativeMemory } from '@simclr/core'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { FakeGroup } from './__fixtures__/fake-group.ts'
import { testingFolder, testingNccl } from './__fixtures__/testing-nccl.ts'
import { loadCudaRuntime } from './cuda-runtime.ts'
import { findCudaRuntime } from './find-nccl.ts'
import { loadNccl } from './nccl-library.ts'
import { type NcclTransport, openNcclTransport } from './nccl-transport.ts'

const SIZE = 3

async function openAll(group: FakeGroup, abort?: (code: number) => never): Promise<NcclTransport[]> {
  let share = (_: Uint8Array): void => {}
  const id = new Promise<Uint8Array>((resolve) => {
    share = resolve
  })
  const open = (rank: number): Promise<NcclTransport> =>
    openNcclTransport({
      rank,
      size: group.size,
      library: group.library(rank),
      shareId: (bytes) => {
        if (bytes !== undefined) share(bytes)
        return id
      },
      stream: () => 5n,
      deviceIndex: rank,
      scratch: group.allocate(new Int32Array(2)),
      cudaRuntime: group.runtime(rank),
      abort,
    })
  return Promise.all(Array.from({ length: group.size }, (_, rank) => open(rank)))
}

describe('three ranks', () => {
  it('sum, gather and broadcast', async () => {
    const group = new FakeGroup(SIZE)
    const transports = await openAll(group)
    const own = transports.map(({ rank }) => group.allocate(new Float32Array([rank, 10 * rank])))
    const sums = transports.map(() => group.allocate(new Float32Array(2)))
    const all = transports.map(() => group.allocate(new Float32Array(2 * SIZE)))
    transports.forEach((transport, rank) => {
      transport.allReduceSum(own[rank]!, sums[rank]!, 2, 'float32')
      transport.allGather(own[rank]!, all[rank]!, 2, 'float32')
      transport.broadcast(own[rank]!, 2, 'float32', 2)
    })
    group.run()
    for (const address of sums) expect(group.floats(address, 2)).toEqual([3, 30])
    for (const address of all) expect(group.floats(address, 6)).toEqual([0, 0, 1, 10, 2, 20])
    for (const address of own) expect(group.floats(address, 2)).toEqual([2, 20])
  })

  it.each(['float32', 'bf16'] as const)('exchange parts of %s', async (type) => {
    const group = new FakeGroup(SIZE)
    const transports = await openAll(group)
    const values = (start: number): Uint16Array | Float32Array => {
      const numbers = Array.from({ length: 2 * SIZE }, (_, i) => start + i)
      return type === 'bf16' ? Uint16Array.from(numbers) : Float32Array.from(numbers)
    }
    const read = (address: bigint): number[] =>
      type === 'bf16' ? group.shorts(address, 2 * SIZE) : group.floats(address, 2 * SIZE)
    const parts = transports.map(({ rank }) => group.allocate(values(100 * rank)))
    const received = transports.map(() => group.allocate(values(0)))
    transports.forEach((transport, rank) => {
      transport.allToAll(parts[rank]!, received[rank]!, 2, type)
    })
    group.run()
    expect(received.map(read)).toEqual([
      [0, 1, 100, 101, 200, 201],
      [2, 3, 102, 103, 202, 203],
      [4, 5, 104, 105, 204, 205],
    ])
  })

  it('reach a barrier only together', async () => {
    const group = new FakeGroup(SIZE)
    const [first, second, third] = (await openAll(group)) as [NcclTransport, NcclTransport, NcclTransport]
    const requests = [first.begin.barrier(), second.begin.barrier()]
    expect(requests.map((request) => request.test())).toEqual([false, false])
    third.barrier()
    expect(requests.map((request) => request.test())).toEqual([true, true])
    requests[0]!.wait()
  })

  it('select their GPUs before they join, and leave once', async () => {
    const group = new FakeGroup(2)
    const [first, second] = (await openAll(group)) as [NcclTransport, NcclTransport]
    expect(group.log).toEqual(expect.arrayContaining(['0 setDevice 0', '1 setDevice 1']))
    expect(first).toMatchObject({ rank: 0, size: 2, device: 'cuda', reducesBfloat16: true })
    first.close()
    first.close()
    expect(group.log.filter((entry) => entry === '0 leave')).toHaveLength(1)
    expect(() => first.broadcast(8n, 1, 'float32', 0)).toThrow('NCCL group: must be open, got a closed one')
    second.close()
  })
})

describe('begin', () => {
  it('queues, and is done at once', async () => {
    const group = new FakeGroup(1)
    const [transport] = (await openAll(group)) as [NcclTransport]
    const [from, to] = [group.allocate(new Float32Array([4])), group.allocate(new Float32Array(1))]
    const requests = [
      transport.begin.allReduceSum(from, to, 1, 'float32'),
      transport.begin.allGather(from, to, 1, 'float32'),
      transport.begin.broadcast(from, 1, 'float32', 0),
    ]
    expect(requests.every((request) => request.test())).toBe(true)
    for (const request of requests) request.wait()
    expect(group.log.slice(-3)).toEqual(['0 allReduceSum', '0 allGather', '0 broadcast'])
    expect(group.floats(to, 1)).toEqual([0])
    group.run()
    expect(group.floats(to, 1)).toEqual([4])
  })
})

describe('trouble', () => {
  it('memory of the host is refused', async () => {
    const [transport] = (await openAll(new FakeGroup(1))) as [NcclTransport]
    expect(() => transport.allReduceSum(new Float32Array(2), 8n, 2, 'float32')).toThrow(
      'NCCL: memory: must be an address on the GPU, as a bigint, got a Float32Array. Use an engine whose tensors',
    )
    expect(() => transport.allToAll(8n, new Int32Array(2), 2, 'int32')).toThrow('got a Int32Array')
  })

  it('what has gone wrong meanwhile stops the next call, and a barrier under way', async () => {
    const group = new FakeGroup(2)
    const [transport] = (await openAll(group)) as [NcclTransport]
    const barrier = transport.begin.barrier()
    group.failure = new Error('rank 1 is lost')
    expect(() => transport.broadcast(8n, 1, 'float32', 0)).toThrow('rank 1 is lost')
    expect(() => barrier.wait()).toThrow('rank 1 is lost')
  })

  it('abort leaves NCCL before the given end', async () => {
    const group = new FakeGroup(1)
    const [transport] = (await openAll(group, (code) => {
      throw new Error(`ended with ${code}`)
    })) as [NcclTransport]
    expect(() => transport.abort(3)).toThrow('ended with 3')
    expect(group.log.at(-1)).toBe('0 abort')
  })

  it('an id of another length, and a rank outside the group', async () => {
    const group = new FakeGroup(1)
    const library = group.library(0)
    const options = { library, stream: () => 0n, deviceIndex: 0, scratch: 8n, size: 1 }
    const shareId = async (): Promise<Uint8Array> => new Uint8Array(3)
    await expect(openNcclTransport({ ...options, rank: 0, shareId })).rejects.toThrow(
      'openNcclTransport: shareId: must be resolved with the 128 bytes of rank 0, got 3 bytes.',
    )
    await expect(openNcclTransport({ ...options, rank: 1, shareId })).rejects.toThrow(
      'openNcclTransport: rank: must be a number between 0 and 0, got 1',
    )
  })
})

/** What is missing for the real thing. */
function obstacle(): string | undefined {
  if (nativeMemory()?.device !== 'cuda') return 'the engine has no tensors on an NVIDIA GPU'
  if (testingNccl() === undefined) return 'no NCCL'
  return findCudaRuntime(testingFolder()) === undefined ? 'no CUDA runtime' : undefined
}

describe('one rank on a GPU', () => {
  it('has what it sent, after each operation', async ({ skip }) => {
    const reason = obstacle()
    skip(reason !== undefined, reason)
    const memory = nativeMemory()!
    const scratch = memory.empty([2], 'int32')
    const transport = await openNcclTransport({
      rank: 0,
      size: 1,
      library: loadNccl(testingNccl()!),
      shareId: async (bytes) => bytes!,
      stream: () => memory.stream(),
      deviceIndex: memory.deviceIndex,
      scratch: memory.address(scratch),
      cudaRuntime: loadCudaRuntime(findCudaRuntime(testingFolder())!),
    })
    const sent = tf.range(0, 1000).mul(0.5) as tf.Tensor1D
    const from = memory.address(memory.rowMajor(sent))
    const calls = [
      (to: bigint) => transport.allReduceSum(from, to, 1000, 'float32'),
      (to: bigint) => transport.allGather(from, to, 1000, 'float32'),
      (to: bigint) => transport.allToAll(from, to, 1000, 'float32'),
      (to: bigint) => transport.begin.allReduceSum(from, to, 1000, 'float32').wait(),
    ]
    for (const call of calls) {
      const info = memory.empty([1000], 'float32')
      call(memory.address(info))
      const received = tf.engine().makeTensorFromTensorInfo(info)
      expect(await received.data()).toEqual(await sent.data())
      received.dispose()
    }
    transport.broadcast(from, 1000, 'float32', 0)
    transport.barrier()
    expect((await sent.data())[999]).toBe(499.5)
    transport.close()
  })
})
