/** The filter gradient of a convolution, as one convolution. */
import {
  backend_util,
  type Conv2DBackpropFilterAttrs,
  conv2d,
  type KernelConfig,
  pad,
  slice,
  type Tensor4D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'

/**
 * The TensorFlow.js kernel `Conv2DBackpropFilter` for NHWC, composed from pad, transpose and Conv2D.
 *
 * With n examples, c input and k output channels, the gradient at filter position (i, j) is
 * `sum over n, y, x of input[n, i + stride·y, j + stride·x, c] · dy[n, y, x, k]`. That is a convolution over
 * (y, x) with n as its input channel, c as its batch, dy as its filter and the stride as its dilation.
 * On wasm it takes 2 to 3 times a 3×3 forward pass; a matrix product per position takes 13 to 50 times.
 */
export const conv2DBackpropFilter: Omit<KernelConfig, 'backendName'> = {
  kernelName: 'Conv2DBackpropFilter',
  kernelFunc: ({ inputs, attrs }) =>
    filterGradient(
      inputs.x as Tensor4D,
      inputs.dy as Tensor4D,
      attrs as unknown as Conv2DBackpropFilterAttrs,
    ),
}

function filterGradient(x: Tensor4D, dy: Tensor4D, attributes: Conv2DBackpropFilterAttrs): Tensor4D {
  const { filterShape, strides, pad: padding, dimRoundingMode } = attributes
  const { padInfo, strideHeight, strideWidth } = backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    padding,
    dimRoundingMode,
  )
  return tidy(() => {
    const padded = pad(transpose(x, [3, 1, 2, 0]), [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]) // [c, height, width, n]
    const filter = transpose(dy, [1, 2, 0, 3]) // [y, x, n, k]
    const positions = conv2d(padded, filter, 1, 'valid', 'NHWC', [strideHeight, strideWidth])
    // Rows and columns that the strided forward pass never reached come out as surplus positions.
    const used = slice(positions, 0, [-1, filterShape[0], filterShape[1], -1]) // [c, i, j, k]
    return transpose(used, [1, 2, 0, 3])
  })
}
