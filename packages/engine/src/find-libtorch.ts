/** Finds a libtorch that the backend can load, without loading it. */
import { join } from 'node:path'
import type { Device } from './engines/engine.ts'
import { locatePythonTorch } from './python.ts'
import { simclrHome } from './simclr-home.ts'

/** Where a libtorch was found, in the order of the search. */
export type LibtorchSource = '$SIMCLR_LIBTORCH' | 'installed by simclr' | "python3's own PyTorch"

/** The devices that libtorch has parts for. */
export type LibtorchDevice = Extract<Device, 'cpu' | 'cuda' | 'mps'>

export interface LibtorchLocation {
  /** A site-packages style folder: holds `torch/`, and `nvidia/` where the wheel is a CUDA build. */
  readonly folder: string
  /** PyTorch's version, e.g. `2.15.0+cu132`. */
  readonly version: string
  readonly source: LibtorchSource
}

export interface LibtorchSearch {
  /** The first usable one, or undefined. */
  readonly found: LibtorchLocation | undefined
  /** What was wrong with the places before it, one clause each. */
  readonly obstacles: readonly string[]
}

/** The folder that {@link installLibtorch} fills. */
export function libtorchHome(environment: NodeJS.ProcessEnv = process.env): string {
  return join(simclrHome(environment), 'libtorch')
}

/**
 * Looks in `$SIMCLR_LIBTORCH`, then where {@link installLibtorch} installs, then in the PyTorch of `python3`,
 * which is asked last because it costs a process.
 *
 * @param device what it must be able to compute on; default: the processor
 * @returns the first usable one and what was wrong with the places before it; never throws.
 */
export async function findLibtorch(
  environment: NodeJS.ProcessEnv = process.env,
  device: LibtorchDevice = 'cpu',
): Promise<LibtorchSearch> {
  const obstacles: string[] = []
  const places: [LibtorchSource, () => Promise<string | undefined>][] = [
    ['$SIMCLR_LIBTORCH', async () => environment.SIMCLR_LIBTORCH || undefined],
    ['installed by simclr', async () => libtorchHome(environment)],
    ["python3's own PyTorch", () => locatePythonTorch(environment)],
  ]
  for (const [source, locate] of places) {
    const folder = await locate()
    if (folder === undefined) continue
    const { version, problems } = await inspect(folder, device)
    if (version !== undefined && problems.length === 0)
      return { found: { folder, version, source }, obstacles }
    obstacles.push(problems.join(' ').replace(/\.$/, ''))
  }
  return { found: undefined, obstacles }
}

/** The version of the libtorch in `folder` if the backend can use it, else undefined. */
export async function usableVersion(
  folder: string,
  device: LibtorchDevice = 'cpu',
): Promise<string | undefined> {
  const { version, problems } = await inspect(folder, device)
  return problems.length === 0 ? version : undefined
}

/** The backend is imported only here and on use: its FFI package must not be able to break other engines. */
async function inspect(
  folder: string,
  device: LibtorchDevice,
): Promise<{ version: string | undefined; problems: readonly string[] }> {
  try {
    const { inspectLibtorch } = await import('@simclr/backend-libtorch')
    return inspectLibtorch(folder, device)
  } catch (error) {
    return { version: undefined, problems: [`@simclr/backend-libtorch: ${(error as Error).message}`] }
  }
}
