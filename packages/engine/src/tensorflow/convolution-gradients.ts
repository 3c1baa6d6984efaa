/** The gradients of convolutions with every padding that TensorFlow has; tfjs-node's refuse all but two. */
import { backend_util, type KernelConfig, type TensorInfo, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { OperationAttribute, TensorflowBackend } from './tensorflow-backend.ts'

type Shape4D = [number, number, number, number]

interface Attributes {
  readonly strides: number | [number, number]
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4]
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly inputShape?: Shape4D
  readonly filterShape?: Shape4D
}

/** The two gradients of a convolution and those of a depthwise one: their kernels and operations share the names. */
export const convolutionGradients: readonly Omit<KernelConfig, 'backendName'>[] = [
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
].map((kernelName) => ({
  kernelName,
  kernelFunc: ({ inputs, attrs, backend }) => {
    // Instead of the tensor whose gradient it is, each kernel gets its shape, and each operation wants it too.
    const { x, filter, dy } = inputs as { x?: TensorInfo; filter?: TensorInfo; dy: TensorInfo }
    const { inputShape, filterShape, strides, pad, dilations = 1, ...rest } = attrs as unknown as Attributes
    const info = backend_util.computeConv2DInfo(
      (x?.shape as Shape4D) ?? inputShape,
      (filter?.shape as Shape4D) ?? filterShape,
      strides,
      dilations,
      pad,
      rest.dimRoundingMode,
      kernelName.startsWith('Depthwise'),
      backend_util.convertConv2DDataFormat(rest.dataFormat ?? 'NHWC'),
    )
    const tensorflow = backend as TensorflowBackend
    return tidy(() =>
      tensorflow.executeSingleOutput(kernelName, attributesOf(tensorflow, info), [
        x ?? tensor1d(info.inShape, 'int32'),
        filter ?? tensor1d(info.filterShape, 'int32'),
        dy,
      ]),
    )
  },
}))

function attributesOf(
  { binding }: TensorflowBackend,
  { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth, dataFormat }: backend_util.Conv2DInfo,
): OperationAttribute[] {
  const isNhwc = dataFormat === 'channelsLast'
  const inOrder = (height: number[], width: number[], other: number[]) =>
    isNhwc ? [...other, ...height, ...width, ...other] : [...other, ...other, ...height, ...width]
  const isExplicit = padInfo.type === 'NUMBER' || padInfo.type === 'EXPLICIT'
  const { top, bottom, left, right } = padInfo
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'strides', type: binding.TF_ATTR_INT, value: inOrder([strideHeight], [strideWidth], [1]) },
    { name: 'dilations', type: binding.TF_ATTR_INT, value: inOrder([dilationHeight], [dilationWidth], [1]) },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: isNhwc ? 'NHWC' : 'NCHW' },
    { name: 'padding', type: binding.TF_ATTR_STRING, value: isExplicit ? 'EXPLICIT' : padInfo.type },
    {
      name: 'explicit_paddings',
      type: binding.TF_ATTR_INT,
      value: isExplicit ? inOrder([top, bottom], [left, right], [0, 0]) : [],
    },
  ]
}
