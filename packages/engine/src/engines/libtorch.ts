/** The engine `libtorch`: PyTorch's library behind @simclr/backend-libtorch. */
import { availableParallelism } from 'node:os'
import { SimclrError } from '@simclr/core'
import { findLibtorch, type LibtorchDevice, usableVersion } from '../find-libtorch.ts'
import { verifyLibtorch } from '../install/verify-libtorch.ts'
import { INSTALL_COMMAND } from '../install-command.ts'
import { activate } from './activate.ts'
import type { Engine, EngineOptions, EngineSelection, EngineStatus } from './engine.ts'

export const libtorchEngine: Engine = {
  name: 'libtorch',
  speed: 'native code on all cores, or on a GPU: what training needs',
  devices: process.platform === 'darwin' ? ['cpu', 'mps'] : ['cpu', 'cuda'],
  precisions: ['float32', 'tf32', 'bf16'],
  status,
  verify,
  use,
}

async function status(environment: NodeJS.ProcessEnv): Promise<EngineStatus> {
  const { found, obstacles } = await findLibtorch(environment)
  if (found === undefined) {
    const detail = obstacles.join('; ')
    return { available: false, version: undefined, detail, command: 'simclr engine install libtorch' }
  }
  const { version, folder, source } = found
  const onGpu = (await usableVersion(folder, 'cuda')) === undefined ? 'for the processor' : 'with CUDA'
  return { available: true, version, detail: `found in ${folder} (${source}), ${onGpu}`, command: undefined }
}

async function verify(environment: NodeJS.ProcessEnv): Promise<void> {
  const { found } = await findLibtorch(environment)
  if (found !== undefined) await verifyLibtorch(found.folder)
}

/** What libtorch was loaded with in this process. */
let loadedThreads: number | undefined

async function use({ device, precision, threads }: EngineOptions): Promise<EngineSelection> {
  const onDevice = device as LibtorchDevice
  const remedy = device === 'cuda' ? 'Run: simclr engine install libtorch --device cuda.' : INSTALL_COMMAND
  const { found, obstacles } = await findLibtorch(process.env, onDevice)
  if (found === undefined) {
    throw new SimclrError({
      parameter: 'useEngine: libtorch',
      expected: device === 'cpu' ? 'installed' : `installed for ${device}`,
      received: obstacles.join('; '),
      remedy,
    })
  }
  const { folder, version, source } = found
  try {
    const { registerLibtorch } = await import('@simclr/backend-libtorch')
    loadedThreads ??= threads ?? (Number(process.env.OMP_NUM_THREADS) || availableParallelism())
    registerLibtorch({ library: folder, device: onDevice, precision, threads: loadedThreads })
    await activate('libtorch')
  } catch (cause) {
    throw new SimclrError({
      parameter: 'useEngine: libtorch',
      expected: `a library in ${folder} that works on ${device}`,
      received: (cause as Error).message,
      remedy: device === 'cpu' ? remedy : 'Use --device cpu, or see: simclr engine doctor.',
      cause,
    })
  }
  const reason = `found in ${folder} (${source})`
  return { name: 'libtorch', version, device, precision, threads: loadedThreads, reason }
}
