/** The facts of a machine that decide which engine runs and how fast. */
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import type { Engine, EngineName } from './engines/engine.ts'
import { automaticEngines, engines } from './engines/engines.ts'
import { findGpus, type Gpu } from './find-gpus.ts'
import { findLibtorch } from './find-libtorch.ts'
import { type ListedEngine, listEngine } from './list-engines.ts'
import { findPython, type Python, pipVersion } from './python.ts'
import { simclrHome } from './simclr-home.ts'

export interface DiagnosedEngine extends ListedEngine {
  /** Why an engine that is there does not work; undefined if it does, or if it is not there. */
  readonly failure: string | undefined
}

export interface EngineDiagnosis {
  /** e.g. `v20.20.2`. */
  readonly node: string
  /** e.g. `linux-x64`. */
  readonly platform: string
  readonly processor: string
  /** Threads that this process may use at once. */
  readonly threads: number
  /** Threads that a native engine takes where it is not told: `$OMP_NUM_THREADS`, else all. */
  readonly engineThreads: number
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number }
  /** NVIDIA GPUs with a driver. */
  readonly gpus: readonly Gpu[]
  /** Whether a libtorch is there that can compute on them. */
  readonly hasCudaLibtorch: boolean
  /** The Python that would install engines, with the version of its pip. */
  readonly python: (Python & { readonly pip: string | undefined }) | undefined
  /** Where engines are installed. */
  readonly home: string
  /** From the fastest to the slowest. */
  readonly engines: readonly DiagnosedEngine[]
  /** What `auto` takes here. */
  readonly choice: EngineName
}

export interface DoctorOptions {
  /** Default `process.env`. */
  environment?: NodeJS.ProcessEnv
  /** Proves that an engine works, or throws; default: compute with it in a child process. */
  verify?: (engine: Engine) => Promise<void>
}

/**
 * Collects the facts; takes a few seconds, most of them for loading engines in child processes.
 *
 * @example
 * console.log(formatDoctor(await doctor()))
 */
export async function doctor(options: DoctorOptions = {}): Promise<EngineDiagnosis> {
  const { environment = process.env, verify = async (engine) => engine.verify?.(environment) } = options
  const python = await findPython(undefined, environment)
  const diagnosed = await Promise.all(engines.map((engine) => diagnose(engine, environment, verify)))
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() || 'unknown',
    threads: availableParallelism(),
    engineThreads: Number(environment.OMP_NUM_THREADS) || availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    gpus: await findGpus(environment),
    hasCudaLibtorch: (await findLibtorch(environment, 'cuda')).found !== undefined,
    python: python && { ...python, pip: await pipVersion(python, environment) },
    home: simclrHome(environment),
    engines: diagnosed,
    choice: choose(diagnosed),
  }
}

async function diagnose(
  engine: Engine,
  environment: NodeJS.ProcessEnv,
  verify: (engine: Engine) => Promise<void>,
): Promise<DiagnosedEngine> {
  const listed = await listEngine(engine, environment)
  const failure = listed.available ? await failureOf(() => verify(engine)) : undefined
  return { ...listed, failure }
}

async function failureOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The first of the automatic engines that works; the last one always does. */
function choose(diagnosed: readonly DiagnosedEngine[]): EngineName {
  const working = diagnosed.filter(({ available, failure }) => available && failure === undefined)
  return automaticEngines.find(({ name }) => working.some((engine) => engine.name === name))!.name
}
