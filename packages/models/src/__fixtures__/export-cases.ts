/** The encoders and heads that every export format is tested with. */
import { formulaUnit } from '@simclr/tools/testing'
import { type Tensor2D, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core'
import type { ExportedHead } from '../export/inference-model.ts'
import { LinearHead } from '../linear-head.ts'
import { MlpHead } from '../mlp-head.ts'
import { ProjectionHead } from '../projection-head.ts'
import { ResNet, type ResNetOptions } from '../resnet.ts'
import { withFormulaWeights } from './formula-module.ts'

export interface ExportCase {
  readonly name: string
  readonly options: ResNetOptions
  /** Of the images; odd and unequal lengths show every padding. */
  readonly shape: [n: number, height: number, width: number, 3]
}

/** Small enough for TensorFlow.js's cpu backend, with sizes that are odd at every stage. */
export const exportCases: readonly ExportCase[] = [
  {
    name: 'narrow ResNet-18, cifar stem',
    options: { depth: 18, stem: 'cifar', width: 0.125 },
    shape: [2, 17, 14, 3],
  },
  { name: 'narrow ResNet-50', options: { depth: 50, width: 0.125 }, shape: [2, 65, 48, 3] },
  {
    name: 'narrow ResNet-18, torchvision',
    options: { depth: 18, width: 0.125, style: 'torchvision' },
    shape: [2, 48, 65, 3],
  },
  {
    name: 'narrow ResNet-50, selective kernels',
    options: { depth: 50, width: 0.125, selectiveKernelRatio: 0.0625 },
    shape: [2, 65, 72, 3],
  },
  {
    name: 'narrow ResNet-18, stem and shortcuts of SimCLRv2',
    options: { depth: 18, width: 0.125, selectiveKernelRatio: 0.0625 },
    shape: [2, 40, 33, 3],
  },
]

export const exportHeads: readonly [
  name: string,
  output: string,
  create: (inputWidth: number) => ExportedHead,
][] = [
  ['an MLP', 'embeddings', (inputWidth) => new ProjectionHead({ inputWidth, layers: 3, outputWidth: 16 })],
  [
    'a linear projection',
    'embeddings',
    (inputWidth) => new ProjectionHead({ inputWidth, type: 'linear', outputWidth: 8 }),
  ],
  [
    "an MLP as lightly's",
    'embeddings',
    (inputWidth) => new ProjectionHead({ inputWidth, hiddenWidth: 12, outputWidth: 8, lastOffset: true }),
  ],
  ['no projection', 'embeddings', (inputWidth) => new ProjectionHead({ inputWidth, type: 'none' })],
  ['an MLP classifier', 'logits', (inputWidth) => mlpHead(inputWidth, 2)],
  ['an MLP classifier on all layers', 'logits', (inputWidth) => mlpHead(inputWidth, 3)],
  ['a classifier', 'logits', (inputWidth) => new LinearHead({ inputWidth, classes: 5 })],
]

function mlpHead(inputWidth: number, layers: number): MlpHead {
  const projection = new ProjectionHead({ inputWidth, layers: 3, outputWidth: 16 })
  return new MlpHead({ projection, layers, classes: 5 })
}

export function formulaEncoder(options: ResNetOptions): ResNet {
  return withFormulaWeights(new ResNet(options), 100)
}

export function formulaPixels(shape: readonly number[], seed = 7): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1)
  return Float32Array.from({ length: size }, (_, i) => formulaUnit(seed, i))
}

/** What the exported model must give: the features, then the head's output. */
export function expectedOutputs(
  encoder: ResNet,
  { shape }: Pick<ExportCase, 'shape'>,
  head?: ExportedHead,
): { features: Float32Array; headOutput: Float32Array | undefined } {
  return tidy(() => {
    const images: Tensor4D = tensor4d(formulaPixels(shape), shape)
    const features: Tensor2D = encoder.apply(images, { training: false })
    const headOutput = head?.apply(features, { training: false }).dataSync<'float32'>()
    return { features: features.dataSync<'float32'>(), headOutput }
  })
}
