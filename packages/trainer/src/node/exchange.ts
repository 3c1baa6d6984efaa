/** What processes that train together tell each other besides tensors: text, bytes, and who fails. */
import { type Communicator, SimclrError, type SimclrErrorDetails } from '@simclr/core'
import { type Tensor1D, tensor1d, tidy } from '@tensorflow/tfjs-core'

/** A value that survives JSON, of every rank in order, on every rank. */
export function gatherJson<Value>(communicator: Communicator, own: Value): Value[] {
  if (communicator.size === 1) return [own]
  const text = new TextEncoder().encode(JSON.stringify(own))
  const gathered = (x: Tensor1D): Int32Array => tidy(() => communicator.allGather(x).dataSync<'int32'>())
  const lengths = tidy(() => gathered(tensor1d([text.length], 'int32')))
  const words = Math.ceil(Math.max(...lengths) / 4)
  const bytes = tidy(() => bytesOf(gathered(wordsOf(text, words))))
  return Array.from(lengths, (length, rank) => {
    const begin = 4 * words * rank
    return JSON.parse(new TextDecoder().decode(bytes.subarray(begin, begin + length))) as Value
  })
}

/** The bytes of rank 0, on every rank; what others give is ignored. */
export function broadcastBytes(communicator: Communicator, bytes: Uint8Array = new Uint8Array()): Uint8Array {
  if (communicator.size === 1) return bytes
  return tidy(() => {
    const [length] = communicator.broadcast(tensor1d([bytes.length], 'int32'), 0).dataSync<'int32'>()
    const words = Math.ceil(length! / 4)
    if (words === 0) return new Uint8Array()
    const own = communicator.rank === 0 ? bytes : new Uint8Array()
    return bytesOf(communicator.broadcast(wordsOf(own, words), 0).dataSync<'int32'>()).slice(0, length)
  })
}

/** Whether something holds on any rank. */
export function anyRank(communicator: Communicator, own: boolean): boolean {
  if (communicator.size === 1) return own
  return tidy(() => communicator.allReduceSum(tensor1d([Number(own)], 'int32')).dataSync<'int32'>()[0]! > 0)
}

type Outcome<Value> = { readonly value: Value } | { readonly error: SimclrErrorDetails }

/**
 * Does on rank 0 what must happen once, and gives every rank the result.
 *
 * @param work Its result must survive JSON, undefined apart.
 * @throws on every rank what `work` throws on rank 0.
 */
export async function onFirstRank<Value>(
  communicator: Communicator,
  work: () => Promise<Value> | Value,
): Promise<Value> {
  if (communicator.size === 1) return work()
  if (communicator.rank > 0) {
    const outcome = JSON.parse(new TextDecoder().decode(broadcastBytes(communicator))) as Outcome<Value>
    if ('error' in outcome) throw new SimclrError(outcome.error)
    return outcome.value
  }
  let outcome: Outcome<Value>
  let thrown: unknown
  try {
    outcome = { value: await work() }
  } catch (error) {
    thrown = error
    outcome = { error: detailsOf(error) }
  }
  broadcastBytes(communicator, new TextEncoder().encode(JSON.stringify(outcome)))
  if ('error' in outcome) throw thrown
  return outcome.value
}

function detailsOf(error: unknown): SimclrErrorDetails {
  if (!SimclrError.isInstance(error)) {
    return { parameter: 'rank 0', expected: 'free of errors', received: String(error) }
  }
  const { parameter, expected, received, remedy } = error
  return { parameter, expected, received, ...(remedy === undefined ? {} : { remedy }) }
}

function wordsOf(bytes: Uint8Array, words: number): Tensor1D {
  const padded = new Int32Array(words)
  new Uint8Array(padded.buffer).set(bytes)
  return tensor1d(padded, 'int32')
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
