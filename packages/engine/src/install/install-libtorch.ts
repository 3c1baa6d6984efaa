/** Downloads libtorch: PyTorch's own wheel through pip, reduced to what the CPU needs. */
import { usableVersion } from '../find-libtorch.ts'
import { cudaRequirements } from './cuda-requirements.ts'
import { type InstallEngineOptions, type InstalledEngine, installEngine } from './install-engine.ts'
import type { Installable } from './installable.ts'
import { pruneLibtorch } from './prune-libtorch.ts'
import { verifyLibtorch } from './verify-libtorch.ts'
import { versionSpecifier } from './version-specifier.ts'

export interface InstallLibtorchOptions extends InstallEngineOptions {
  /** Version of torch, e.g. `2.11.0`, or a range in pip's notation; default `>=2.10,<2.16`, the tried range. */
  version?: string
  /** `cuda` keeps the whole wheel and its CUDA libraries, several GB; default `cpu`: what the processor needs. */
  device?: 'cpu' | 'cuda'
}

export const LIBTORCH: Installable = {
  engine: 'libtorch',
  library: 'PyTorch',
  platforms: ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'],
  alternative:
    'Use --engine wasm, or point SIMCLR_LIBTORCH at a site-packages folder with a PyTorch 2.10 or newer.',
  // The wheel 0.5 GB, unpacked 1.2 GB.
  bytesWhileInstalling: 3e9,
  versionFlag: '--torch-version',
}

/** The wheels 2.5 GB, unpacked 6 GB. */
const BYTES_WITH_CUDA = 10e9

/**
 * Installs libtorch into `<simclrHome>/libtorch` with pip's own configuration (index, proxy, certificates).
 * How, and what it never does: see `installEngine`.
 *
 * @throws SimclrError for an unknown platform, no or too old Python, no pip, too little disk, no network, no
 * wheel for this Python, or a library that does not load.
 * @example
 * const { folder, version } = await installLibtorch()
 */
export async function installLibtorch(options: InstallLibtorchOptions = {}): Promise<InstalledEngine> {
  const { version = '>=2.10,<2.16', device = 'cpu' } = options
  const requirement = `torch${versionSpecifier(version)}`
  return installEngine(
    {
      ...LIBTORCH,
      ...(device === 'cuda' ? { bytesWhileInstalling: BYTES_WITH_CUDA } : {}),
      usableVersion: (folder) => usableVersion(folder, device),
      verify: verifyLibtorch,
      build: async ({ pip, target }) => {
        if (device === 'cuda') return pip([requirement])
        await pip(['--no-deps', requirement])
        const requirements = cudaRequirements(target)
        if (requirements.length > 0) await pip(requirements)
        await pruneLibtorch(target)
      },
    },
    options,
  )
}
