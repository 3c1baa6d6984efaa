/** Run by `verifyTensorflow` in a process of its own: loads a TensorFlow and computes a convolution with it. */
import { conv2d, ready, setBackend, tensor4d } from '@tensorflow/tfjs-core'
import type { TensorflowLocation } from '../tensorflow/find-tensorflow.ts'
import { registerTensorflow, TENSORFLOW_BACKEND } from '../tensorflow/register-tensorflow.ts'
import { answerProbe } from './answer-probe.ts'

await answerProbe(async () => {
  const location = JSON.parse(process.argv[2]!) as TensorflowLocation
  const { version } = registerTensorflow(location, 1)
  if (location.source === 'installed by simclr' && version !== location.version) {
    throw new Error(`the library says that it is TensorFlow ${version} instead of ${location.version}`)
  }
  await setBackend(TENSORFLOW_BACKEND)
  await ready()
  const image = tensor4d([1, 2, 3, 4], [1, 2, 2, 1])
  const [sum] = await conv2d(image, tensor4d([1, 1, 1, 1], [2, 2, 1, 1]), 1, 'valid').data()
  if (sum !== 10) throw new Error(`1 + 2 + 3 + 4 came out as ${sum}`)
  return version
})
