/** NCCL's semantics for several ranks of one process, in memory of JavaScript: addresses are byte offsets there. */
import type { CudaRuntime } from '../cuda-runtime.ts'
import type { NcclGroup, NcclLibrary } from '../nccl-library.ts'

interface Operation {
  readonly kind: string
  readonly send: bigint
  readonly receive: bigint
  readonly count: number
  readonly type: string
  readonly root?: number
}

type Queued = Operation | Operation[]

export class FakeGroup {
  readonly buffer = new ArrayBuffer(2 ** 16)
  /** Calls in order: `0 allReduceSum`. */
  readonly log: string[] = []
  /** What `check` throws. */
  failure: Error | undefined
  #allocated = 8
  readonly #queues: Queued[][]

  constructor(readonly size: number) {
    this.#queues = Array.from({ length: size }, () => [])
  }

  /** @returns the address of new memory with these values. */
  allocate(values: Float32Array | Int32Array | Uint16Array): bigint {
    const address = this.#allocated
    this.#allocated += Math.ceil(values.byteLength / 8) * 8
    new Uint8Array(this.buffer).set(new Uint8Array(values.buffer), address)
    return BigInt(address)
  }

  floats(address: bigint, count: number): number[] {
    return [...new Float32Array(this.buffer, Number(address), count)]
  }

  shorts(address: bigint, count: number): number[] {
    return [...new Uint16Array(this.buffer, Number(address), count)]
  }

  /** Done when the other ranks have queued the same. */
  readonly runtime = (rank: number): CudaRuntime => ({
    setDevice: (index) => void this.log.push(`${rank} setDevice ${index}`),
    isDone: () => {
      this.run()
      return this.#queues[rank]!.length === 0
    },
  })

  /** Runs what all ranks have queued. */
  run(): void {
    while (this.#queues.every((queue) => queue.length > 0)) {
      const heads = this.#queues.map((queue) => queue.shift()!)
      if (Array.isArray(heads[0])) this.#exchange(heads as Operation[][])
      else this.#collective(heads as Operation[])
    }
  }

  library(rank: number): NcclLibrary {
    let together: Operation[] | undefined
    const add = (operation: Operation, group: NcclGroup): void => {
      if (group !== BigInt(rank + 1)) throw new Error(`group ${group} is not that of rank ${rank}`)
      this.log.push(`${rank} ${operation.kind}`)
      if (together === undefined) this.#queues[rank]!.push(operation)
      else together.push(operation)
    }
    return {
      version: '0.0.0',
      newId: () => new Uint8Array(128).fill(7),
      join: (_, id) => {
        if (!id.every((byte) => byte === 7)) throw new Error('not the id of rank 0')
        return BigInt(rank + 1)
      },
      allReduceSum: (send, receive, count, type, group) =>
        add({ kind: 'allReduceSum', send, receive, count, type }, group),
      allGather: (send, receive, count, type, group) =>
        add({ kind: 'allGather', send, receive, count, type }, group),
      broadcast: (send, receive, count, type, root, group) =>
        add({ kind: 'broadcast', send, receive, count, type, root }, group),
      send: (send, count, type, root, group) =>
        add({ kind: 'send', send, receive: 0n, count, type, root }, group),
      receive: (receive, count, type, root, group) =>
        add({ kind: 'receive', send: 0n, receive, count, type, root }, group),
      together: (run) => {
        together = []
        run()
        this.#queues[rank]!.push(together)
        together = undefined
      },
      check: () => {
        if (this.failure !== undefined) throw this.failure
      },
      leave: () => void this.log.push(`${rank} leave`),
      abort: () => void this.log.push(`${rank} abort`),
    }
  }

  #copy(from: bigint, to: bigint, bytes: number): void {
    new Uint8Array(this.buffer).copyWithin(Number(to), Number(from), Number(from) + bytes)
  }

  #collective(operations: Operation[]): void {
    const { kind, count, type, root = 0 } = operations[0]!
    const agree = operations.every((other) => other.kind === kind && other.count === count)
    if (!agree) throw new Error('the ranks queued different operations')
    const bytes = count * (type === 'bf16' ? 2 : 4)
    if (kind === 'broadcast') {
      for (const { receive } of operations) this.#copy(operations[root]!.send, receive, bytes)
    } else if (kind === 'allGather') {
      for (const { receive } of operations) {
        operations.forEach(({ send }, rank) => {
          this.#copy(send, receive + BigInt(rank * bytes), bytes)
        })
      }
    } else {
      const View = type === 'int32' ? Int32Array : Float32Array
      const sums = Array.from({ length: count }, (_, i) =>
        operations.reduce((sum, { send }) => sum + new View(this.buffer, Number(send), count)[i]!, 0),
      )
      for (const { receive } of operations) new View(this.buffer, Number(receive), count).set(sums)
    }
  }

  /** Each receive takes the first send of its peer to its rank that no other has taken. */
  #exchange(perRank: Operation[][]): void {
    perRank.forEach((operations, rank) => {
      for (const { receive, root: peer, count, type } of operations.filter(({ kind }) => kind === 'receive')) {
        const sends = perRank[peer!]!
        const at = sends.findIndex(({ kind, root }) => kind === 'send' && root === rank)
        const [send] = sends.splice(at, 1)
        if (at < 0 || send!.count !== count) throw new Error(`rank ${rank} waits for rank ${peer} forever`)
        this.#copy(send!.send, receive, count * (type === 'bf16' ? 2 : 4))
      }
    })
  }
}
