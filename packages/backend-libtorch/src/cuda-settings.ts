/** Settings of a CUDA device that PyTorch's Python functions change through C++. */
import type { LibraryHandle } from 'koffi'
import { LibtorchError } from './libtorch-error.ts'
import type { Precision } from './precision.ts'

/**
 * Lets cuDNN try its algorithms on each new shape and keep the fastest (`torch.backends.cudnn.benchmark`), and allows or
 * forbids TensorFloat-32. The setters are C++ functions that libtorch exports; their names are the Itanium ABI's.
 *
 * @throws LibtorchError where the library does not export them
 */
export function configureCuda(library: LibraryHandle, precision: Precision): void {
  const bind = (declaration: string) => {
    try {
      return library.func(declaration)
    } catch (cause) {
      throw new LibtorchError(`This libtorch cannot be configured for CUDA: it lacks ${declaration}.`, {
        cause,
      })
    }
  }
  const context = bind('void* _ZN2at13globalContextEv()')()
  const set = (setter: string, value: boolean): void => {
    bind(`void _ZN2at7Context${setter.length}${setter}Eb(void* context, bool value)`)(context, value)
  }
  set('setBenchmarkCuDNN', true)
  set('setAllowTF32CuDNN', precision !== 'float32')
  set('setAllowTF32CuBLAS', precision !== 'float32')
}
