/** Calls of convolutions, poolings and image kernels, whose output sizes tfjs itself works out. */
import { backend_util } from '@tensorflow/tfjs-core'
import type { Draw, Dtype, TensorSpec } from './draw.ts'
import type { CaseGenerator, KernelCase } from './kernel-case.ts'

const floats: readonly Dtype[] = ['float32']
type Shape4D = [number, number, number, number]
type Shape5D = [number, number, number, number, number]

interface Convolution {
  readonly x: TensorSpec
  readonly filter: TensorSpec
  readonly dy: TensorSpec
  readonly attrs: { strides: [number, number]; pad: 'same' | 'valid' | number; dimRoundingMode: undefined }
}

const forward =
  (isDepthwise: boolean): CaseGenerator =>
  (draw) => {
    const { x, filter, attrs } = convolution(draw, isDepthwise)
    return { inputs: { x, filter }, attrs: { ...attrs, dataFormat: 'NHWC', dilations: [1, 1] } }
  }

const toInput =
  (isDepthwise: boolean): CaseGenerator =>
  (draw) => {
    const { x, filter, dy, attrs } = convolution(draw, isDepthwise)
    const dilations = isDepthwise ? { dilations: 1 } : {}
    return { inputs: { dy, filter }, attrs: { ...attrs, ...dilations, dataFormat: 'NHWC', inputShape: x.shape } }
  }

const toFilter =
  (isDepthwise: boolean): CaseGenerator =>
  (draw) => {
    const { x, filter, dy, attrs } = convolution(draw, isDepthwise)
    const dilations = isDepthwise ? { dilations: 1 } : {}
    return {
      inputs: { x, dy },
      attrs: { ...attrs, ...dilations, dataFormat: 'NHWC', filterShape: filter.shape },
    }
  }

export const windowCases: Readonly<Record<string, CaseGenerator>> = {
  Conv2D: forward(false),
  Conv2DBackpropInput: toInput(false),
  Conv2DBackpropFilter: toFilter(false),
  DepthwiseConv2dNative: forward(true),
  DepthwiseConv2dNativeBackpropInput: toInput(true),
  DepthwiseConv2dNativeBackpropFilter: toFilter(true),
  FusedConv2D: (draw) => {
    const { inputs, attrs } = forward(false)(draw)
    const { x, filter } = inputs as Record<'x' | 'filter', TensorSpec>
    const bias = draw.chance(0.7) ? { bias: draw.tensor([filter.shape[3]!], floats) } : {}
    const activation = draw.pick(['linear', 'relu', 'relu6', 'elu', 'sigmoid'])
    return { inputs: { x, filter, ...bias }, attrs: { ...attrs, activation } }
  },
  Conv3D: (draw) => {
    const { x, filter, attrs } = convolutionOfVolumes(draw)
    return { inputs: { x, filter }, attrs: { ...attrs, dilations: 1 } }
  },
  MaxPool: pooling,
  AvgPool: pooling,
  MaxPoolWithArgmax: (draw) => {
    const { inputs, attrs } = pooling(draw)
    return { inputs, attrs: { ...attrs, includeBatchInIndex: draw.chance(0.5) } }
  },
  MaxPoolGrad: (draw) => poolingGradient(draw, 'valid'),
  AvgPoolGrad: (draw) => poolingGradient(draw, 'valid'),
  MaxPool3D: poolingOfVolumes,
  AvgPool3D: poolingOfVolumes,
  Conv3DBackpropInputV2: (draw) => {
    const { x, filter, dy, attrs } = convolutionOfVolumes(draw)
    return { inputs: { dy, filter }, attrs: { ...attrs, inputShape: x.shape } }
  },
  Conv3DBackpropFilterV2: (draw) => {
    const { x, filter, dy, attrs } = convolutionOfVolumes(draw)
    return { inputs: { x, dy }, attrs: { ...attrs, filterShape: filter.shape } }
  },
  LRN: (draw) => ({
    inputs: { x: draw.tensor([draw.size(), draw.size(), draw.size(), draw.size()], floats) },
    attrs: { depthRadius: draw.integer(0, 3), bias: 1, alpha: 0.5, beta: 0.75 },
  }),
  LRNGrad: (draw) => {
    const shape = [draw.size(), draw.size(), draw.size(), draw.integer(1, 5)]
    const [x, y, dy] = draw.times(3, () => draw.tensor(shape, floats))
    const attrs = { depthRadius: draw.integer(0, 3), bias: 1, alpha: 0.5, beta: 0.75 }
    return { inputs: { x: x!, y: y!, dy: dy! }, attrs }
  },
  Dilation2D: (draw) => {
    const { x, filter, attrs } = dilation(draw)
    return { inputs: { x, filter }, attrs }
  },
  Dilation2DBackpropInput: dilationGradient,
  Dilation2DBackpropFilter: dilationGradient,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  CropAndResize: (draw) => {
    const image = draw.tensor([draw.integer(1, 2), ...sizes(draw, 2, 1, 5), draw.integer(1, 3)], floats)
    const boxes = draw.times(4 * draw.integer(1, 3), () => draw.integer(-1, 5) / 4)
    const count = boxes.length / 4
    return {
      inputs: {
        image,
        boxes: { shape: [count, 4], dtype: 'float32', values: boxes },
        boxInd: draw.integers([count], 0, image.shape[0]! - 1),
      },
      attrs: { cropSize: sizes(draw, 2, 1, 4), method: draw.pick(['bilinear', 'nearest']), extrapolationValue: 1 },
    }
  },
  Transform: (draw) => {
    // Of a batch, tfjs's cpu backend transforms the first image only
    const image = draw.tensor([1, ...sizes(draw, 2, 1, 5), draw.integer(1, 3)], floats)
    const transforms = draw.tensor([1, 8], floats)
    const attrs = {
      interpolation: draw.pick(['nearest', 'bilinear']),
      fillMode: draw.pick(['constant', 'reflect', 'wrap', 'nearest']),
      fillValue: 0.5,
    }
    return { inputs: { image, transforms }, attrs: { ...attrs, outputShape: sizes(draw, 2, 1, 5) } }
  },
  RotateWithOffset: (draw) => ({
    inputs: { image: draw.tensor([draw.size(), draw.size(), draw.size(), draw.integer(1, 4)], floats) },
    attrs: { radians: draw.unit() * 6, fillValue: draw.pick([2, [1, 2, 3]]), center: draw.pick([0.5, [0.2, 0.7]]) },
  }),
  FlipLeftRight: (draw) => ({ inputs: { image: draw.tensor(draw.shape(4)) }, attrs: {} }),
}

function convolution(draw: Draw, isDepthwise: boolean): Convolution {
  const [input, output] = [draw.integer(1, 3), draw.integer(1, 3)]
  const x = draw.tensor([draw.integer(1, 2), ...sizes(draw, 2, 3, 5), input], floats)
  const side = draw.integer(1, 3)
  const filter = draw.tensor([side, side, input, output], floats)
  const strides = sizes(draw, 2, 1, 2) as [number, number]
  const attrs = { strides, pad: draw.pick(['same', 'valid', 1, 2] as const), dimRoundingMode: undefined }
  const info = backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filter.shape as Shape4D,
    strides,
    1,
    attrs.pad,
    undefined,
    isDepthwise,
  )
  return { x, filter, dy: draw.tensor(info.outShape, floats), attrs }
}

function convolutionOfVolumes(draw: Draw) {
  const [input, output] = [draw.integer(1, 3), draw.integer(1, 3)]
  const x = draw.tensor([draw.integer(1, 2), ...sizes(draw, 3, 2, 5), input], floats)
  const filter = draw.tensor([...sizes(draw, 3, 1, 2), input, output], floats)
  const strides = sizes(draw, 3, 1, 2) as [number, number, number]
  const pad = draw.pick(['same', 'valid'] as const)
  const shapes = [x.shape, filter.shape] as unknown as [Shape5D, Shape5D]
  const { outShape } = backend_util.computeConv3DInfo(...shapes, strides, 1, pad)
  return { x, filter, dy: draw.tensor(outShape, floats), attrs: { strides, pad } }
}

function dilation(draw: Draw) {
  const x = draw.tensor([draw.integer(1, 2), ...sizes(draw, 2, 2, 5), 2], floats)
  const filter = draw.tensor([...sizes(draw, 2, 1, 2), 2], floats)
  const attrs = { strides: sizes(draw, 2, 1, 2) as [number, number], pad: 'same' as const, dilations: 1 }
  const shapes = [x.shape, filter.shape] as unknown as [Shape4D, [number, number, number]]
  const { outShape } = backend_util.computeDilation2DInfo(...shapes, attrs.strides, attrs.pad, 'NHWC', 1)
  return { x, filter, dy: draw.tensor(outShape, floats), attrs }
}

function dilationGradient(draw: Draw): KernelCase {
  const { x, filter, dy, attrs } = dilation(draw)
  return { inputs: { x, filter, dy }, attrs }
}

function pooling(draw: Draw): KernelCase {
  const x = draw.tensor([draw.integer(1, 2), ...sizes(draw, 2, 3, 5), draw.integer(1, 3)], floats)
  const pad = draw.pick(['same', 'valid', 0, 1] as const)
  return { inputs: { x }, attrs: { filterSize: sizes(draw, 2, 1, 3), strides: sizes(draw, 2, 1, 3), pad } }
}

/** Without padding, over which tfjs's cpu backend has another gradient; of different elements, because ties are arbitrary. */
function poolingGradient(draw: Draw, pad: 'valid'): KernelCase {
  const { inputs, attrs } = pooling(draw)
  const { shape } = (inputs as Record<'x', TensorSpec>).x
  const { filterSize, strides } = attrs as Record<'filterSize' | 'strides', [number, number]>
  const { outShape } = backend_util.computePool2DInfo(shape as Shape4D, filterSize, strides, 1, pad)
  const order = draw.permutation(shape.reduce((product, size) => product * size, 1))
  const [input, dy] = [{ shape, dtype: 'float32' as const, values: order }, draw.tensor(outShape, floats)]
  return { inputs: { dy, input, output: dy }, attrs: { ...attrs, pad } }
}

function poolingOfVolumes(draw: Draw): KernelCase {
  const x = draw.tensor([draw.integer(1, 2), ...sizes(draw, 3, 2, 4), 2], floats)
  const pad = draw.pick(['same', 'valid', 1] as const)
  return { inputs: { x }, attrs: { filterSize: sizes(draw, 3, 1, 3), strides: sizes(draw, 3, 1, 2), pad } }
}

function resize(draw: Draw): KernelCase {
  const images = draw.tensor([draw.size(), ...sizes(draw, 2, 1, 5), draw.integer(1, 3)], ['float32', 'int32'])
  const [alignCorners, halfPixelCenters] = draw.pick([
    [false, false],
    [true, false],
    [false, true],
  ])
  return { inputs: { images }, attrs: { size: sizes(draw, 2, 1, 7), alignCorners, halfPixelCenters } }
}

function sizes(draw: Draw, count: number, low: number, high: number): number[] {
  return draw.times(count, () => draw.integer(low, high))
}
