/** Makes a registered TensorFlow.js backend the current one. */
import { ready, setBackend } from '@tensorflow/tfjs-core'

/** @throws Error if it does not start; what it printed says why */
export async function activate(backend: string): Promise<void> {
  if (!(await setBackend(backend))) throw new Error(`the TensorFlow.js backend "${backend}" did not start`)
  await ready()
}
