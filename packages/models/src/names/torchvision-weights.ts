/** An encoder's weights as the state dict of torchvision's ResNet. */
import { type Module, SimclrError } from '@simclr/core'
import type { LinearHead } from '../linear-head.ts'
import type { ResNet } from '../resnet.ts'
import type { Weights } from '../weights.ts'
import { encoderVariables } from './encoder-variables.ts'
import { pytorchShape, toPytorchLayout } from './pytorch-layout.ts'
import { torchvisionNames } from './torchvision-names.ts'

/**
 * Loads with `strict=True`: with a head as `fc` into torchvision's model of the same depth, without one after
 * `model.fc = torch.nn.Identity()`. Width and `cifar` stem ask for a model that was changed accordingly.
 *
 * @returns Copies; kernels are `[out, in, h, w]`.
 * @throws SimclrError if torchvision has no network that computes the same: selective kernels, and the official style
 *   where its max pool or its shortcuts differ.
 */
export async function torchvisionWeights(encoder: ResNet, head?: LinearHead): Promise<Weights> {
  const { depth, stem, style, selectiveKernelRatio } = encoder.options
  const equal = style === 'torchvision' || (stem === 'cifar' && depth >= 50)
  if (selectiveKernelRatio > 0 || !equal) {
    throw new SimclrError({
      parameter: 'torchvisionWeights: encoder',
      expected: "of style 'torchvision', without selective kernels",
      received: `style '${style}', ratio ${selectiveKernelRatio}, depth ${depth}, stem '${stem}'`,
      remedy: "Build the encoder with style: 'torchvision', or export ONNX.",
    })
  }
  const variables = encoderVariables(encoder.options)
  const names = torchvisionNames.names(variables)
  const values = valuesByName(encoder)
  const weights: Weights = new Map()
  for (const [i, { name }] of variables.entries()) {
    const theirs = names[i]!
    weights.set(theirs, await pytorchArray(values, name))
    if (!theirs.endsWith('.running_var')) continue
    const counter = theirs.replace('running_var', 'num_batches_tracked')
    weights.set(counter, { dtype: 'I64', shape: [], values: new BigInt64Array(1) })
  }
  if (head === undefined) return weights
  const headValues = valuesByName(head)
  weights.set('fc.weight', await pytorchArray(headValues, 'dense.kernel'))
  weights.set('fc.bias', await pytorchArray(headValues, 'dense.bias'))
  return weights
}

function valuesByName(module: Module) {
  return new Map([...module.parameters(), ...module.state()].map(({ name, value }) => [name, value]))
}

async function pytorchArray(values: ReturnType<typeof valuesByName>, name: string) {
  const value = values.get(name)!
  const data = toPytorchLayout(await value.data<'float32'>(), value.shape)
  return { dtype: 'F32', shape: pytorchShape(value.shape), values: data } as const
}
