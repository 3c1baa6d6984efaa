/** The facts of a machine that decide which engine runs and how fast. */
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { env } from '@tensorflow/tfjs-core'
import type { EngineName } from './engine-selection.ts'
import { findLibtorch, type LibtorchSearch } from './find-libtorch.ts'
import { verifyLibtorch } from './install/verify-libtorch.ts'
import { findPython, type Python, pipVersion } from './python.ts'
import { registerWasm } from './register-wasm.ts'
import { simclrHome } from './simclr-home.ts'

export interface EngineDiagnosis {
  /** e.g. `v20.20.2`. */
  readonly node: string
  /** e.g. `linux-x64`. */
  readonly platform: string
  readonly processor: string
  /** Threads that this process may use at once. */
  readonly threads: number
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number }
  /** The Python that would install libtorch, with the version of its pip. */
  readonly python: (Python & { readonly pip: string | undefined }) | undefined
  /** Where engines are installed. */
  readonly home: string
  readonly libtorch: LibtorchSearch & {
    /** Why the found one does not load; undefined if it does, or if none is found. */
    readonly failure: string | undefined
  }
  readonly wasm: { readonly version: string; readonly simd: boolean }
  /** What the engines compute in. */
  readonly precision: 'float32'
  /** What `auto` takes here, and why. */
  readonly choice: { readonly name: EngineName; readonly reason: string }
}

export interface DoctorOptions {
  /** Default `process.env`. */
  environment?: NodeJS.ProcessEnv
  /** Proves that a libtorch works, or throws; default: compute with it in a child process. */
  verify?: (folder: string) => Promise<void>
}

/**
 * Collects the facts; takes about a second, most of it for loading libtorch in a child process.
 *
 * @example
 * console.log(formatDoctor(await doctor()))
 */
export async function doctor(options: DoctorOptions = {}): Promise<EngineDiagnosis> {
  const { environment = process.env, verify = verifyLibtorch } = options
  const python = await findPython(undefined, environment)
  const search = await findLibtorch(environment)
  const failure = search.found && (await failureOf(() => verify(search.found!.folder)))
  const version = registerWasm()
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() || 'unknown',
    threads: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    python: python && { ...python, pip: await pipVersion(python, environment) },
    home: simclrHome(environment),
    libtorch: { ...search, failure },
    wasm: { version, simd: (await env().getAsync('WASM_HAS_SIMD_SUPPORT')) as boolean },
    precision: 'float32',
    choice: choose(search, failure),
  }
}

async function failureOf(run: () => Promise<void>): Promise<string | undefined> {
  try {
    await run()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function choose(
  { found, obstacles }: LibtorchSearch,
  failure: string | undefined,
): EngineDiagnosis['choice'] {
  if (found === undefined) return { name: 'wasm', reason: `no libtorch: ${obstacles.join('; ')}` }
  if (failure !== undefined) return { name: 'wasm', reason: `libtorch does not load: ${failure}` }
  return { name: 'libtorch', reason: `found in ${found.folder} (${found.source})` }
}
