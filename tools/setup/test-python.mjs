/**
 * Makes `<SimCLR's folder>/test-python`: PyTorch and TensorFlow for the tests that compare with them.
 * Tests look for it by `pythonWith` of tools/testing/python.ts. Needs python3 with venv; does nothing if it is there.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { main, root, run } from './run.mjs'

const PACKAGES = ['torch', 'torchvision', 'numpy', 'pillow', 'safetensors', 'tensorflow-cpu', 'mpich']

await main(async () => {
  const { simclrHome } = await import(join(root, 'packages/engine/dist/index.js'))
  const home = join(simclrHome(), 'test-python')
  const python = join(home, 'bin', 'python')
  const works = ['-c', 'import torch, torchvision, tensorflow, safetensors']
  if (existsSync(python) && (await run(python, works, { quiet: true })).code === 0) return 0
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
  rmSync(home, { recursive: true, force: true })
  for (const [command, args] of [
    ['python3', ['-m', 'venv', home]],
    [python, [...pip, ...PACKAGES]],
    [python, works],
  ]) {
    const { code, output } = await run(command, args, { quiet: true })
    if (code === 0) continue
    console.log(`no Python for tests: ${output.split('\n').at(-1)}`)
    return 1
  }
  return 0
})
