/** Proves in a child process that a TensorFlow loads and computes. */
import { SimclrError } from '@simclr/core'
import { runProbe } from '../probes/run-probe.ts'
import type { TensorflowLocation } from '../tensorflow/find-tensorflow.ts'

/** @throws SimclrError if the library does not load, is of another version, or computes a wrong value. */
export async function verifyTensorflow(location: TensorflowLocation, signal?: AbortSignal): Promise<void> {
  const { failure } = await runProbe('tensorflow', { parameters: [JSON.stringify(location)], signal })
  if (failure === undefined) return
  throw new SimclrError({
    parameter: `TensorFlow in ${location.binding}`,
    expected: 'able to load and compute on this machine',
    received: failure,
    remedy: `Install it anew: simclr engine install ${location.name} --force. Or use --engine wasm.`,
  })
}
