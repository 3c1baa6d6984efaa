/** Finds Python and asks it small questions. */
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const CANDIDATES = process.platform === 'win32' ? ['python', 'python3', 'py'] : ['python3', 'python']

export interface Python {
  /** Full path of the interpreter itself: behind the shims of version managers, so that ending it ends it. */
  readonly command: string
  /** e.g. `3.11.7`. */
  readonly version: string
}

/** The first Python 3 on the PATH, or the one named by `command`; undefined if there is none that runs. */
export async function findPython(
  command?: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Python | undefined> {
  for (const candidate of command === undefined ? CANDIDATES : [command]) {
    const code = 'import platform, sys; print(platform.python_version(), sys.executable)'
    const [, version, path] = /^(3\.\S+) (.+)$/.exec((await ask(candidate, code, environment)) ?? '') ?? []
    if (version !== undefined && path !== undefined) return { command: path, version }
  }
  return undefined
}

/** The version of pip that `python` has, e.g. `23.2.1`; undefined if it has none. */
export async function pipVersion(
  python: Python,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  return ask(python.command, 'import pip; print(pip.__version__)', environment)
}

/** The site-packages folder that holds the PyTorch of the first Python, found without importing it. */
export async function locatePythonTorch(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const code =
    'import importlib.util as u; s = u.find_spec("torch"); print(s.origin if s and s.origin else "")'
  for (const candidate of CANDIDATES) {
    const origin = await ask(candidate, code, environment)
    if (origin !== undefined) return origin === '' ? undefined : dirname(dirname(origin))
  }
  return undefined
}

/** What a one-line program prints, or undefined if it fails. */
async function ask(
  command: string,
  code: string,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, ['-c', code], {
      env: environment,
      timeout: 30_000,
      windowsHide: true,
    })
    return stdout.trim()
  } catch {
    return undefined
  }
}
