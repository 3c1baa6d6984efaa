/** Convolutions with a number as padding, which tfjs-node refuses although TensorFlow has them. */
import type { KernelConfig, NamedAttrMap } from '@tensorflow/tfjs-core'

/** A tfjs-node kernel (Conv2D, DepthwiseConv2dNative and their fused forms) that takes a number as padding too. */
export function withNumberPadding(kernel: KernelConfig): KernelConfig {
  return {
    ...kernel,
    kernelFunc: (params) =>
      kernel.kernelFunc({ ...params, attrs: { ...params.attrs, ...explicit(params.attrs) } }),
  }
}

/** The same padding as a pair for each axis, a form that tfjs-node does take. */
function explicit({ pad, dataFormat }: NamedAttrMap = {}): NamedAttrMap {
  if (typeof pad !== 'number' || pad === 0) return {}
  const none = [0, 0]
  const both = [pad, pad]
  return { pad: dataFormat === 'NCHW' ? [none, none, both, both] : [none, both, both, none] }
}
