/** What the page runs: TensorFlow.js as its users load it, without any package of this repository. */
import '@tensorflow/tfjs-backend-webgl'
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import { getBackend, ready, type Tensor, tensor4d } from '@tensorflow/tfjs-core'

export interface ExecutedModel {
  readonly backend: string
  readonly features: readonly number[]
  readonly embeddings: readonly number[]
}

declare global {
  var executeModel: (
    url: string,
    pixels: readonly number[],
    shape: [number, number, number, number],
  ) => Promise<ExecutedModel>
}

globalThis.executeModel = async (url, pixels, shape) => {
  await ready()
  const model = await loadGraphModel(url)
  const outputs = model.execute(tensor4d([...pixels], shape), ['features', 'embeddings']) as Tensor[]
  const [features, embeddings] = await Promise.all(outputs.map((output) => output.data()))
  return { backend: getBackend(), features: [...features!], embeddings: [...embeddings!] }
}
