/** The Python packages that benchmarks compare with, in a virtual environment in the user's cache. */
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { simclrHome } from '@simclr/engine'
import { runCommand } from './run-command.ts'

const PACKAGES = ['torch', 'torchvision', 'kornia', 'numpy', 'scikit-learn']
/** Installed alone: of what it depends on, its losses and optimizers import no more than the packages above. */
const LONE_PACKAGES = ['lightly']

/** The Python of the peers, installed or not. */
export function peersPython(): string {
  const folder = join(simclrHome(), 'peers')
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
}

/** Installs the peers (about 6 GB with CUDA libraries, as pip serves them). Can be repeated. */
export async function installPeers(log: (line: string) => void): Promise<void> {
  const folder = join(simclrHome(), 'peers')
  await mkdir(folder, { recursive: true })
  log(`installing ${[...PACKAGES, ...LONE_PACKAGES].join(', ')} into ${folder}`)
  await runCommand('bench setup', 'python3', ['-m', 'venv', folder])
  const install = ['-m', 'pip', 'install', '--quiet']
  await runCommand('bench setup', peersPython(), [...install, ...PACKAGES])
  await runCommand('bench setup', peersPython(), [...install, '--no-deps', ...LONE_PACKAGES])
  log('the peers are installed')
}

/** @throws SimclrError if the peers are not installed. */
export async function requirePeers(): Promise<string> {
  const python = peersPython()
  await access(python).catch(() => {
    throw new SimclrError({
      parameter: 'bench: Python peers',
      expected: 'installed',
      received: `no ${python}`,
      remedy: 'Run: simclr bench setup (or name a Python that has torch with --python).',
    })
  })
  return python
}
