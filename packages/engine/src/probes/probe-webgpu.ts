/** Run for the engine `webgpu` in a process of its own: registers the backend, computes with it, finds its device. */
import { matMul, ready, setBackend, tensor2d } from '@tensorflow/tfjs-core'
import { registerWebgpu } from '../webgpu/register-webgpu.ts'
import { answerProbe } from './answer-probe.ts'

await answerProbe(async () => {
  const device = await registerWebgpu()
  await setBackend('webgpu')
  await ready()
  const [product] = await matMul(tensor2d([[1, 2]]), tensor2d([[3], [4]])).data()
  if (product !== 11) throw new Error(`1·3 + 2·4 came out as ${product}`)
  return device
})
