/** How the processes of a group come to know the id by which NCCL lets them meet. */
import type { TcpStore } from '../tcp-store.ts'

/** Hands the bytes of rank 0, which alone has some, to every rank; resolves when all ranks have them or soon will. */
export type ShareId = (bytes: Uint8Array | undefined) => Promise<Uint8Array>

/**
 * Shares the id through a store. Rank 0 waits until every rank has it: the next that it does is to wait for them inside
 * NCCL, where it could not answer any more.
 *
 * @param key another one for each group that uses the store
 */
export function shareIdOverStore(store: TcpStore, key = 'nccl-id'): ShareId {
  return async (bytes) => {
    if (bytes !== undefined) await store.set(key, bytes)
    const id = await store.get(key)
    if (store.rank !== 0) {
      await store.set(`${key}/${store.rank}`, new Uint8Array())
      return id
    }
    const others = Array.from({ length: store.size - 1 }, (_, i) => i + 1)
    await Promise.all(others.map((rank) => store.get(`${key}/${rank}`)))
    return id
  }
}
