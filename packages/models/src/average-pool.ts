/** The 2×2 average pool of ResNet-D shortcuts (He et al. 2019), padded as the official resnet.py pads. */
import { avgPool, concat, pad, slice, type Tensor4D, tidy } from '@tensorflow/tfjs-core'

/**
 * At stride 2 an odd height or width gets a row or column of zeros at its end; at stride 1 the windows over the end
 * average what is inside the image, which repeating the last row and column does on every engine.
 *
 * @param x `[n, h, w, c]`.
 * @returns `[n, ceil(h / stride), ceil(w / stride), c]`; the caller disposes it.
 */
export function averagePool(x: Tensor4D, stride: number): Tensor4D {
  return tidy(() => {
    const padded = stride === 1 ? repeatLast(repeatLast(x, 1), 2) : padToEven(x)
    return avgPool(padded, 2, stride, 'valid')
  })
}

function repeatLast(x: Tensor4D, axis: 1 | 2): Tensor4D {
  const begin = x.shape.map((size, i) => (i === axis ? size - 1 : 0))
  return concat([x, slice(x, begin)], axis)
}

function padToEven(x: Tensor4D): Tensor4D {
  const [, height, width] = x.shape
  if (height % 2 === 0 && width % 2 === 0) return x
  return pad(x, [
    [0, 0],
    [0, height % 2],
    [0, width % 2],
    [0, 0],
  ])
}
