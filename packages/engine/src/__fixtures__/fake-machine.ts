/** A machine in a temporary folder: a home, a PATH with a fake Python and compiler alone, and site-packages folders. */
import { copyFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface FakeMachine {
  readonly root: string
  /** SIMCLR_HOME, PATH and FAKE_LOG; add FAKE_PIP and others to choose what happens. */
  readonly environment: NodeJS.ProcessEnv
  /** Makes a site-packages folder with a torch of this version, one for CUDA if `+cu` is in it, and returns its path. */
  addTorch(name: string, version: string): string
  /** Puts an `nvidia-smi` on the PATH that lists an H100. */
  addGpu(): void
}

/**
 * @param withPython whether the PATH has a `python3`.
 * @param withCompiler whether it has a `g++`.
 */
export function fakeMachine({ withPython = true, withCompiler = false } = {}): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), 'simclr-engine-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const path = join(root, 'path')
  mkdirSync(path)
  const addProgram = (name: string, script: string): void => {
    copyFileSync(fileURLToPath(new URL(script, import.meta.url)), join(path, name))
    chmodSync(join(path, name), 0o755)
  }
  if (withPython) addProgram('python3', './fake-python.sh')
  if (withCompiler) addProgram('g++', './fake-compiler.sh')
  return {
    root,
    environment: { PATH: path, SIMCLR_HOME: join(root, 'home'), FAKE_LOG: join(root, 'pip.log') },
    addTorch(name, version) {
      const folder = join(root, name)
      mkdirSync(join(folder, 'torch', 'lib'), { recursive: true })
      writeFileSync(join(folder, 'torch', '__init__.py'), '')
      const hasCuda = version.includes('+cu')
      const cuda = hasCuda ? "'13.2'" : 'None'
      const source = `__version__ = '${version}'\ncuda: Optional[str] = ${cuda}\n`
      writeFileSync(join(folder, 'torch', 'version.py'), source)
      for (const library of ['libc10', 'libtorch_cpu', ...(hasCuda ? ['libc10_cuda', 'libtorch_cuda'] : [])]) {
        for (const ending of ['so', 'dylib']) writeFileSync(join(folder, 'torch', 'lib', `${library}.${ending}`), '')
      }
      if (hasCuda) {
        const support = join(folder, 'nvidia', 'cu13', 'lib')
        mkdirSync(support, { recursive: true })
        for (const library of ['libcudart.so.13', 'libcupti.so.13']) writeFileSync(join(support, library), '')
      }
      return folder
    },
    addGpu() {
      addProgram('nvidia-smi', './fake-nvidia-smi.sh')
    },
  }
}
