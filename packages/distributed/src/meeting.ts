/** How the processes of a job find each other: through MPI, or at a TCP address that their environment names. */
import { type Exchange, exchangeTexts } from './exchange-texts.ts'
import { openMpiTransport } from './mpi/mpi-transport.ts'
import { openTcpStore } from './tcp-store.ts'
import type { Transport } from './transport.ts'

/** Processes that know of each other. */
export interface Meeting {
  readonly rank: number
  readonly size: number
  /** What they met by. */
  readonly version: string
  readonly exchange: Exchange
  /** MPI's operations, if they met by it. */
  readonly mpi: Transport | undefined
  close(): void
  abort(code: number): never
}

export function meetByMpi(library: string | undefined): Meeting {
  const transport = openMpiTransport({ library })
  const { rank, size, version, close, abort } = transport
  const exchange: Exchange = async (own) => exchangeTexts(transport, own)
  return { rank, size, version, exchange, mpi: transport, close, abort }
}

/** Whether the variables of torchrun are there. */
export function namesMeetingPoint({
  RANK,
  WORLD_SIZE,
  MASTER_ADDR,
  MASTER_PORT,
}: NodeJS.ProcessEnv): boolean {
  return [RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT].every((value) => value !== undefined)
}

export async function meetAtStore(environment: NodeJS.ProcessEnv): Promise<Meeting> {
  const [rank, size, port] = [environment.RANK, environment.WORLD_SIZE, environment.MASTER_PORT].map(
    Number,
  ) as [...[number, number, number]]
  const host = environment.MASTER_ADDR!
  const store = await openTcpStore({ rank, size, host, port })
  let round = 0
  const exchange: Exchange = async (own) => {
    const key = `exchange-${round++}`
    await store.set(`${key}/${rank}`, new TextEncoder().encode(own))
    const ranks = Array.from({ length: size }, (_, other) => other)
    const texts = await Promise.all(ranks.map((other) => store.get(`${key}/${other}`)))
    return texts.map((text) => new TextDecoder().decode(text))
  }
  const close = (): void => store.close()
  const abort = (code: number): never => process.exit(code)
  return { rank, size, version: `TCP store at ${host}:${port}`, exchange, mpi: undefined, close, abort }
}
