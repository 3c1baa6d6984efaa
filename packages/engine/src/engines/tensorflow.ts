/** The engines `tensorflow` and `tensorflow-gpu`: TensorFlow.js's official ones, over TensorFlow's own library. */
import { availableParallelism } from 'node:os'
import { SimclrError } from '@simclr/core'
import { findGpus } from '../find-gpus.ts'
import { verifyTensorflow } from '../install/verify-tensorflow.ts'
import { findTensorflow, type TensorflowName } from '../tensorflow/find-tensorflow.ts'
import { registerTensorflow, TENSORFLOW_BACKEND } from '../tensorflow/register-tensorflow.ts'
import { activate } from './activate.ts'
import type { Engine, EngineOptions, EngineSelection, EngineStatus } from './engine.ts'

export const tensorflowEngine: Engine = {
  ...engineOf('tensorflow'),
  devices: ['cpu'],
  speed: 'native code on all cores; a training step takes about twice the processor time of libtorch',
}

export const tensorflowGpuEngine: Engine = {
  ...engineOf('tensorflow-gpu'),
  devices: ['cuda'],
  speed: 'native code on an NVIDIA GPU (written for it, but never run on one)',
}

function engineOf(name: TensorflowName): Omit<Engine, 'speed' | 'devices'> {
  return {
    name,
    precisions: ['float32'],
    status: (environment) => status(name, environment),
    verify: async (environment) => {
      const { found } = findTensorflow(name, environment)
      if (found !== undefined) await verifyTensorflow(found)
    },
    use: (options) => use(name, options),
  }
}

async function status(name: TensorflowName, environment: NodeJS.ProcessEnv): Promise<EngineStatus> {
  const { found, obstacle } = findTensorflow(name, environment)
  if (found === undefined) {
    const command = `simclr engine install ${name}`
    return { available: false, version: undefined, detail: obstacle, command }
  }
  const { version, binding, source } = found
  const place = `found in ${binding} (${source})`
  if (name === 'tensorflow-gpu' && (await findGpus(environment)).length === 0) {
    const detail = `${place}, but nvidia-smi lists no NVIDIA GPU`
    return { available: false, version, detail, command: undefined }
  }
  return { available: true, version, detail: place, command: undefined }
}

async function use(name: TensorflowName, options: EngineOptions): Promise<EngineSelection> {
  const { available, detail, command } = await status(name, process.env)
  const { found } = findTensorflow(name)
  if (!available || found === undefined) {
    throw new SimclrError({
      parameter: `useEngine: ${name}`,
      expected: 'available on this machine',
      received: detail,
      remedy: command === undefined ? 'Use --engine tensorflow.' : `Run: ${command}.`,
    })
  }
  const { device, precision } = options
  const threads = options.threads ?? (Number(process.env.OMP_NUM_THREADS) || availableParallelism())
  try {
    const loaded = registerTensorflow(found, threads)
    if (device === 'cuda' && !loaded.usesGpu) throw new Error('TensorFlow sees no NVIDIA GPU')
    await activate(TENSORFLOW_BACKEND)
    return { name, version: loaded.version, device, precision, threads: loaded.threads, reason: detail }
  } catch (cause) {
    if (SimclrError.isInstance(cause)) throw cause
    throw new SimclrError({
      parameter: `useEngine: ${name}`,
      expected: `a library that loads: ${found.binding}`,
      received: (cause as Error).message,
      remedy: `Install it anew: simclr engine install ${name} --force.`,
      cause,
    })
  }
}
