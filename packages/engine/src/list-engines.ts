/** Which engines there are, which of them work here, and what it takes to get the others. */
import type { EngineName, EngineStatus } from './engines/engine.ts'
import { engines } from './engines/engines.ts'

export interface ListedEngine extends EngineStatus {
  readonly name: EngineName
  /** What it gives, in one clause. */
  readonly speed: string
}

/**
 * The engines from the fastest to the slowest. Loads none of them.
 *
 * @example
 * console.log(formatEngines(await listEngines()))
 */
export async function listEngines(environment: NodeJS.ProcessEnv = process.env): Promise<ListedEngine[]> {
  const statuses = engines.map(async (engine) => {
    const { name, speed } = engine
    return { name, speed, ...(await engine.status(environment)) }
  })
  return Promise.all(statuses)
}
