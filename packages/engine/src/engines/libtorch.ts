/** The engine `libtorch`: PyTorch's library behind @simclr/backend-libtorch. */
import { availableParallelism } from 'node:os'
import { SimclrError } from '@simclr/core'
import { findLibtorch } from '../find-libtorch.ts'
import { verifyLibtorch } from '../install/verify-libtorch.ts'
import { INSTALL_COMMAND } from '../install-command.ts'
import { activate } from './activate.ts'
import type { Engine, EngineSelection, EngineStatus, UseEngineOptions } from './engine.ts'

export const libtorchEngine: Engine = {
  name: 'libtorch',
  speed: 'native code on all cores: what training needs',
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
  return { available: true, version, detail: `found in ${folder} (${source})`, command: undefined }
}

async function verify(environment: NodeJS.ProcessEnv): Promise<void> {
  const { found } = await findLibtorch(environment)
  if (found !== undefined) await verifyLibtorch(found.folder)
}

/** What libtorch was loaded with in this process. */
let loadedThreads: number | undefined

async function use({ device = 'cpu', threads }: UseEngineOptions): Promise<EngineSelection> {
  const { found, obstacles } = await findLibtorch()
  if (found === undefined) {
    throw new SimclrError({
      parameter: 'useEngine: libtorch',
      expected: 'installed',
      received: obstacles.join('; '),
      remedy: INSTALL_COMMAND,
    })
  }
  const { folder, version, source } = found
  try {
    const { registerLibtorch } = await import('@simclr/backend-libtorch')
    loadedThreads ??= threads ?? (Number(process.env.OMP_NUM_THREADS) || availableParallelism())
    registerLibtorch({ library: folder, device: device as 'cpu', threads: loadedThreads })
    await activate('libtorch')
  } catch (cause) {
    throw new SimclrError({
      parameter: 'useEngine: libtorch',
      expected: `a library that loads in ${folder}`,
      received: (cause as Error).message,
      remedy: INSTALL_COMMAND,
      cause,
    })
  }
  const reason = `found in ${folder} (${source})`
  return { name: 'libtorch', version, device, threads: loadedThreads, reason }
}
