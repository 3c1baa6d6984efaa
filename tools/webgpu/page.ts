/** What the page runs: the backends as a browser program imports them, and the three steps for the test to call. */
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-webgpu'
import { ready, setBackend } from '@tensorflow/tfjs-core'
import { type ThreeSteps, threeSteps } from './three-steps.ts'

declare global {
  var threeStepsOn: (backend: 'cpu' | 'webgpu') => Promise<ThreeSteps>
}

globalThis.threeStepsOn = async (backend) => {
  if (!(await setBackend(backend))) throw new Error(`the backend ${backend} did not start`)
  await ready()
  return threeSteps()
}
