/** Which engines there are, which of them work here, and what it takes to get the others. */
import type { Engine, EngineStatus } from './engines/engine.ts'
import { engines } from './engines/engines.ts'

export interface ListedEngine
  extends EngineStatus,
    Pick<Engine, 'name' | 'speed' | 'devices' | 'precisions'> {}

/**
 * The engines from the fastest to the slowest. Loads none of them.
 *
 * @example
 * console.log(formatEngines(await listEngines()))
 */
export async function listEngines(environment: NodeJS.ProcessEnv = process.env): Promise<ListedEngine[]> {
  return Promise.all(engines.map((engine) => listEngine(engine, environment)))
}

/** The facts of one engine. */
export async function listEngine(engine: Engine, environment: NodeJS.ProcessEnv): Promise<ListedEngine> {
  const { name, speed, devices, precisions } = engine
  return { name, speed, devices, precisions, ...(await engine.status(environment)) }
}
