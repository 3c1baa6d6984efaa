/** Text between processes, before there are tensors. */
import type { Transport } from './transport.ts'

/** Gives each rank the texts of all, in order; called by every rank. */
export type Exchange = (own: string) => Promise<string[]>

/** The text of every rank in order, on every rank. The transport's memory must be on the host. */
export function exchangeTexts(transport: Transport, own: string): string[] {
  const { size } = transport
  const bytes = new TextEncoder().encode(own)
  const lengths = new Int32Array(size)
  transport.allGather(Int32Array.of(bytes.length), lengths, 1, 'int32')
  const words = Math.ceil(Math.max(...lengths, 1) / 4)
  const sent = new Int32Array(words)
  new Uint8Array(sent.buffer).set(bytes)
  const received = new Int32Array(words * size)
  transport.allGather(sent, received, words, 'int32')
  const all = new Uint8Array(received.buffer)
  return Array.from(lengths, (length, rank) =>
    new TextDecoder().decode(all.subarray(4 * words * rank, 4 * words * rank + length)),
  )
}
