/** The Python with which tests make and read other programs' files; `tools/setup/test-python.mjs` installs one. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { simclrHome } from '@simclr/engine'

const found = new Map<string, string | undefined>()

/**
 * The first of `$SIMCLR_TEST_PYTHON`, the one in SimCLR's folder, and `python3` that has the module.
 *
 * @returns its path; undefined where there is none, which is a reason to skip.
 */
export function pythonWith(module: 'torch' | 'tensorflow'): string | undefined {
  if (!found.has(module)) {
    const candidates = [
      process.env.SIMCLR_TEST_PYTHON,
      join(simclrHome(), 'test-python', 'bin', 'python'),
      'python3',
    ]
    const works = (path: string | undefined) =>
      path !== undefined && spawnSync(path, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0
    found.set(module, candidates.find(works))
  }
  return found.get(module)
}

/**
 * Runs a Python program to its end.
 *
 * @returns what it prints.
 * @throws Error with what it complained of if it fails.
 */
export function runPython(python: string, script: string, args: readonly string[] = []): string {
  const { status, stdout, stderr, error } = spawnSync(python, ['-c', script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' },
  })
  if (status !== 0) throw error ?? new Error(`python: exit code ${status}\n${stderr}`)
  return stdout
}
