/**
 * Makes glibc keep large freed blocks instead of returning them to the kernel.
 *
 * An activation of tens of megabytes otherwise comes from `mmap` and is faulted in page by page each time,
 * which more than doubles the time of every elementwise operation.
 */
import koffi from 'koffi'

const M_TRIM_THRESHOLD = -1
const M_MMAP_THRESHOLD = -3

/** Takes effect for allocations made from now on. Does nothing where the C library is not glibc. */
export function tuneAllocator(): void {
  if (process.platform !== 'linux') return
  const mallopt = koffi.load('libc.so.6').func('int mallopt(int parameter, int value)')
  mallopt(M_MMAP_THRESHOLD, 2 ** 30)
  mallopt(M_TRIM_THRESHOLD, 2 ** 31 - 1)
}
