/** Training batch normalisation by TensorFlow's fused operations: the kernels that `@simclr/models` looks up. */
import {
  add,
  clone,
  type KernelConfig,
  ones,
  reciprocal,
  relu,
  reshape,
  rsqrt,
  square,
  sub,
  type Tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import { reluGradient } from './relu-gradient.ts'
import type { OperationAttribute, TensorflowBackend } from './tensorflow-backend.ts'

/** `[y, mean, inverseDeviation]` of relu(normalised · scale + offset + residual); x is `[N, H, W, C]` or `[N, C]`. */
export const batchNormTraining: Omit<KernelConfig, 'backendName'> = {
  kernelName: 'BatchNormTraining',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const tensorflow = backend as TensorflowBackend
    const { x, scale, offset, residual } = inputs as Record<string, Tensor | undefined>
    const { epsilon, relu: isRelu } = attrs as { epsilon: number; relu: boolean }
    const channels = x!.shape.at(-1)!
    return tidy(() => {
      const none = zeros([0])
      const [normalised, mean, , , variance] = tensorflow.executeMultipleOutputs(
        'FusedBatchNormV3',
        attributesOf(tensorflow, epsilon),
        [inFourDimensions(x!), scale ?? ones([channels]), offset ?? zeros([channels]), none, none],
        6,
      ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
      const y = reshape(normalised, x!.shape)
      const sum = residual === undefined ? y : add(y, residual)
      const inverseDeviation = tensorflow.isUsingGpuDevice ? variance : rsqrt(add(variance, epsilon))
      return [isRelu ? relu(sum) : sum, mean, inverseDeviation]
    })
  },
}

/** `[dx, dscale, doffset]`, and `dresidual` where there was a residual. */
export const batchNormTrainingGrad: Omit<KernelConfig, 'backendName'> = {
  kernelName: 'BatchNormTrainingGrad',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const tensorflow = backend as TensorflowBackend
    const { dy, y, x, scale, mean, inverseDeviation } = inputs as Record<string, Tensor>
    const { epsilon, relu: isRelu, hasResidual } = attrs as Record<string, number | boolean>
    return tidy(() => {
      const gradient = isRelu ? reluGradient(tensorflow, dy!, y!) : dy!
      // On a GPU, TensorFlow keeps 1 / deviation between the two operations, elsewhere the variance.
      const spread = tensorflow.isUsingGpuDevice
        ? inverseDeviation!
        : sub(reciprocal(square(inverseDeviation!)), epsilon as number)
      const [dx, dscale, doffset] = tensorflow.executeMultipleOutputs(
        'FusedBatchNormGradV3',
        attributesOf(tensorflow, epsilon as number),
        [
          inFourDimensions(gradient),
          inFourDimensions(x!),
          scale ?? ones(mean!.shape),
          mean!,
          spread,
          zeros([0]),
        ],
        5,
      ) as [Tensor, Tensor, Tensor]
      const gradients = [reshape(dx, x!.shape), dscale, doffset]
      return hasResidual ? [...gradients, isRelu ? gradient : clone(dy!)] : gradients
    })
  },
}

function inFourDimensions(x: Tensor): Tensor {
  return x.rank === 4 ? x : reshape(x, [x.shape[0]!, 1, 1, x.shape[1]!])
}

function attributesOf({ binding }: TensorflowBackend, epsilon: number): OperationAttribute[] {
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ]
}
