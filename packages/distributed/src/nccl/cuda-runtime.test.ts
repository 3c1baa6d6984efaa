import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { testingFolder } from './__fixtures__/testing-nccl.ts'
import { loadCudaRuntime } from './cuda-runtime.ts'
import { findCudaRuntime } from './find-nccl.ts'

const path = findCudaRuntime(testingFolder())
const hasGpu = existsSync('/dev/nvidia0')

describe('loadCudaRuntime', () => {
  it('names a file that is missing, or no runtime of CUDA', () => {
    expect(() => loadCudaRuntime('/no/libcudart.so')).toThrow(
      'CUDA runtime: must be a loadable libcudart, got /no/libcudart.so: ',
    )
    expect(() => loadCudaRuntime('libm.so.6')).toThrow(/got libm\.so\.6: .*cudaSetDevice/)
  })

  it('without a GPU says so', ({ skip }) => {
    skip(path === undefined, 'no libcudart')
    skip(hasGpu, 'there is a GPU')
    expect(() => loadCudaRuntime(path!).setDevice(0)).toThrow(
      /^cudaSetDevice\(0\): must be successful, got CUDA error \d+: .*(CUDA|device).*\. Check with nvidia-smi/,
    )
    expect(() => loadCudaRuntime(path!).isDone(0n)).toThrow(
      'cudaStreamQuery: must be successful, got CUDA error',
    )
  })

  it('sees an idle stream as done', ({ skip }) => {
    skip(path === undefined || !hasGpu, 'no GPU')
    const runtime = loadCudaRuntime(path!)
    runtime.setDevice(0)
    expect(runtime.isDone(0n)).toBe(true)
  })
})
