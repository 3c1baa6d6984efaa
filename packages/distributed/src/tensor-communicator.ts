/** The {@link Communicator} of the packages that compute, over a transport. */
import { type AllReduceOptions, type Communicator, type Pending, SimclrError } from '@simclr/core'
import { clone, reshape, slice, sum, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core'
import { packBfloat16, unpackBfloat16 } from './bfloat16.ts'
import { elementType, type Received, type Sent, tensorMemory } from './tensor-memory.ts'
import type { Request, Transport } from './transport.ts'

/** Called around everything that waits for other ranks, e.g. to notice a hang. */
export type WaitObserver = <Result>(wait: () => Result) => Result

type Calls = Pick<Transport['begin'], 'allReduceSum' | 'allGather' | 'broadcast'>

/**
 * @param observe Wraps every wait; default: nothing.
 * @returns operations on float32 and int32 tensors of the current backend. They throw SimclrError for other types, and
 *   with MPI's or NCCL's own words where a transfer fails.
 */
export function tensorCommunicator(
  transport: Transport,
  observe: WaitObserver = (wait) => wait(),
): Communicator {
  const { rank, size } = transport
  /** The blocking operations, as requests that are done. */
  const waiting: Calls = {
    allReduceSum: (...args) => completed(() => transport.allReduceSum(...args)),
    allGather: (...args) => completed(() => transport.allGather(...args)),
    broadcast: (...args) => completed(() => transport.broadcast(...args)),
  }
  function completed(call: () => void): Request {
    observe(call)
    return { test: () => true, wait: () => {} }
  }

  /** Sends and receives; the result is there once the request is done. */
  const transfer = <T extends Tensor>(sent: Sent, received: Received, request: Request): Pending<T> => ({
    progress: () => void request.test(),
    wait: () => {
      observe(() => request.wait())
      sent.release()
      return received.finish() as T
    },
  })

  const operations = (calls: Calls) => ({
    allReduceSum<T extends Tensor>(tensor: T, { precision = 'float32' }: AllReduceOptions = {}): Pending<T> {
      const type = elementType(tensor)
      if (precision === 'bf16' && type === 'float32') return bfloat16Sum(tensor)
      const memory = tensorMemory(transport)
      const sent = memory.send(tensor)
      const received = memory.receive(tensor.shape, tensor.dtype)
      return transfer(sent, received, calls.allReduceSum(sent.memory, received.memory, tensor.size, type))
    },

    allGather<T extends Tensor>(tensor: T): Pending<T> {
      const [rows, ...rest] = tensor.shape
      if (rows === undefined) {
        throw new SimclrError({
          parameter: 'allGather: tensor',
          expected: 'of rank 1 or more',
          received: 'a scalar',
        })
      }
      const memory = tensorMemory(transport)
      const sent = memory.send(tensor)
      const received = memory.receive([size * rows, ...rest], tensor.dtype)
      const type = elementType(tensor)
      return transfer(sent, received, calls.allGather(sent.memory, received.memory, tensor.size, type))
    },

    broadcast<T extends Tensor>(tensor: T, root: number): Pending<T> {
      const memory = tensorMemory(transport)
      const type = elementType(tensor)
      if (rank === root) {
        const sent = memory.send(tensor)
        const request = calls.broadcast(sent.memory, tensor.size, type, root)
        return transfer(sent, { memory: sent.memory, finish: () => clone(tensor) }, request)
      }
      const received = memory.receive(tensor.shape, tensor.dtype)
      const request = calls.broadcast(received.memory, tensor.size, type, root)
      return transfer({ memory: received.memory, release: () => {} }, received, request)
    },
  })

  /**
   * Every rank adds up one part in float32 and gathers the sums of the others: two transfers of half the bytes. The second
   * begins in `wait`, which all ranks call in the same order.
   */
  function bfloat16Sum<T extends Tensor>(tensor: T): Pending<T> {
    const part = 2 * Math.ceil(tensor.size / (2 * size))
    const wait = (): T =>
      tidy(() => {
        const words = packBfloat16(reshape(tensor, [-1]), part * size)
        const whole = transport.reducesBfloat16 ? reduced(words) : added(words, part)
        return reshape(slice(whole, 0, tensor.size), tensor.shape) as T
      })
    return { progress: () => {}, wait }
  }

  function reduced(words: Tensor1D): Tensor1D {
    const memory = tensorMemory(transport)
    const sent = memory.send(words)
    const received = memory.receive(words.shape, 'int32')
    observe(() => transport.allReduceSum(sent.memory, received.memory, 2 * words.size, 'bf16'))
    sent.release()
    return unpackBfloat16(received.finish() as Tensor1D)
  }

  function added(words: Tensor1D, part: number): Tensor1D {
    const memory = tensorMemory(transport)
    const sent = memory.send(words)
    const received = memory.receive(words.shape, 'int32')
    observe(() => transport.allToAll(sent.memory, received.memory, words.size / size, 'int32'))
    sent.release()
    const mine = sum(reshape(unpackBfloat16(received.finish() as Tensor1D), [size, part]), 0) as Tensor1D
    return unpackBfloat16(now.allGather(packBfloat16(mine, part)).wait())
  }

  const now = operations(waiting)
  const later = operations(transport.begin)
  const barrier = (): void => observe(() => transport.barrier())
  return {
    rank,
    size,
    allReduceSum: (tensor, options) => now.allReduceSum(tensor, options).wait(),
    allGather: (tensor) => now.allGather(tensor).wait(),
    broadcast: (tensor, root) => now.broadcast(tensor, root).wait(),
    barrier,
    begin: {
      ...later,
      barrier: () => {
        const request = transport.begin.barrier()
        return { progress: () => void request.test(), wait: () => observe(() => request.wait()) }
      },
    },
  }
}
