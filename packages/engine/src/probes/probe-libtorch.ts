/** Run by `verifyLibtorch` in a process of its own: loads the libtorch of a folder and computes with it. */
import { registerLibtorch } from '@simclr/backend-libtorch'
import { matMul, ready, setBackend, tensor2d } from '@tensorflow/tfjs-core'
import { answerProbe } from './answer-probe.ts'

await answerProbe(async () => {
  const folder = process.argv[2]!
  registerLibtorch({ library: folder })
  await setBackend('libtorch')
  await ready()
  const [product] = await matMul(tensor2d([[1, 2]]), tensor2d([[3], [4]])).data()
  if (product !== 11) throw new Error(`1·3 + 2·4 came out as ${product}`)
  return folder
})
