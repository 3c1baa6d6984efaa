/** Kernels of complex numbers, which torch stores as pairs of floats. */
import type {
  ComplexAbsInputs,
  ComplexInputs,
  FFTInputs,
  IFFTInputs,
  ImagInputs,
  RealInputs,
} from '@tensorflow/tfjs-core'
import { type AnyKernel, type KernelTable, kernel } from '../kernel.ts'
import type { Handle } from '../stable-abi.ts'
import type { Torch } from '../torch.ts'

/** torch's numbers for the scaling of a Fourier transform. */
const UNSCALED = 0
const DIVIDED_BY_LENGTH = 2

export const complexKernels: KernelTable = {
  Complex: kernel<ComplexInputs>(({ inputs: { real, imag }, backend, torch }) =>
    backend.output(
      torch.call('complex', backend.handle(real), backend.handle(imag)),
      real.shape,
      'complex64',
    ),
  ),
  Real: part<RealInputs>(realPart),
  Imag: part<ImagInputs>(imaginaryPart),
  ComplexAbs: kernel<ComplexAbsInputs>(({ inputs: { x }, backend, torch }) =>
    backend.output(torch.call('abs', backend.handle(x)), x.shape, 'float32'),
  ),
  FFT: fourierTransform<FFTInputs>(UNSCALED, true),
  IFFT: fourierTransform<IFFTInputs>(DIVIDED_BY_LENGTH, false),
}

/** The real parts as floats of their own. */
export function realPart(torch: Torch, x: Handle): Handle {
  return component(torch, x, 0)
}

function imaginaryPart(torch: Torch, x: Handle): Handle {
  return component(torch, x, 1)
}

function component(torch: Torch, x: Handle, position: 0 | 1): Handle {
  const view = torch.call('select.int', torch.call('view_as_real', x), -1, position)
  return torch.call('clone', view, torch.abi.contiguous)
}

function part<Inputs extends RealInputs | ImagInputs>(
  select: (torch: Torch, x: Handle) => Handle,
): AnyKernel {
  return kernel<Inputs>(({ inputs: { input }, backend, torch }) =>
    backend.output(select(torch, backend.handle(input)), input.shape, 'float32'),
  )
}

/** The discrete Fourier transform along the last axis. */
function fourierTransform<Inputs extends FFTInputs | IFFTInputs>(scale: number, forward: boolean): AnyKernel {
  return kernel<Inputs>(({ inputs: { input }, backend, torch }) =>
    backend.output(
      torch.call('_fft_c2c', backend.handle(input), [input.shape.length - 1], scale, forward),
      input.shape,
      'complex64',
    ),
  )
}
