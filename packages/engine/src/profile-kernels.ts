/** Where the time of a computation goes: kernel by kernel. */
import {
  getBackend,
  getKernelsForBackend,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core'

/** The calls of one kernel. */
export interface KernelTime {
  readonly name: string
  readonly calls: number
  /** Time in the kernel itself, without the kernels that it calls, in milliseconds. */
  readonly milliseconds: number
}

/** The way from JavaScript into libtorch and back. */
export interface OperatorCallTime {
  readonly calls: number
  /** Number of calls times what a call costs that computes nothing. */
  readonly milliseconds: number
}

export interface KernelProfile {
  /** Time of the whole computation, in milliseconds. */
  readonly total: number
  /** The kernels that ran, the costliest first. What is missing to the total is spent between kernels. */
  readonly kernels: readonly KernelTime[]
  /** Undefined unless libtorch computes. */
  readonly operatorCalls: OperatorCallTime | undefined
}

/**
 * Runs a computation and measures every kernel of the current backend that it calls.
 *
 * On a device that works asynchronously a kernel's time is that of starting it.
 *
 * @example
 * const { total, kernels } = await profileKernels(() => trainStep(network, optimizer, views, { temperature: 0.1 }))
 */
export async function profileKernels(run: () => void): Promise<KernelProfile> {
  const backendName = getBackend()
  const originals = getKernelsForBackend(backendName)
  const times = new Map<string, { calls: number; milliseconds: number }>()
  let inside = 0
  const timed = (original: KernelConfig): KernelConfig => ({
    ...original,
    kernelFunc(call) {
      const insideBefore = inside
      inside = 0
      const began = performance.now()
      try {
        return original.kernelFunc(call)
      } finally {
        const duration = performance.now() - began
        const time = times.get(original.kernelName) ?? { calls: 0, milliseconds: 0 }
        times.set(original.kernelName, {
          calls: time.calls + 1,
          milliseconds: time.milliseconds + duration - inside,
        })
        inside = insideBefore + duration
      }
    },
  })
  let total = 0
  const measured = (): void => {
    replaceKernels(originals, timed)
    const began = performance.now()
    try {
      run()
    } finally {
      replaceKernels(originals, (original) => original)
    }
    total = performance.now() - began
  }
  const operatorCalls = await callTimes(backendName, measured)
  const kernels = [...times].map(([name, time]) => ({ name, ...time }))
  return { total, kernels: kernels.sort((a, b) => b.milliseconds - a.milliseconds), operatorCalls }
}

async function callTimes(backendName: string, run: () => void): Promise<OperatorCallTime | undefined> {
  if (backendName !== 'libtorch') {
    run()
    return undefined
  }
  const { measureCalls } = await import('@simclr/backend-libtorch')
  const { calls, millisecondsPerCall } = measureCalls(run)
  return { calls, milliseconds: calls * millisecondsPerCall }
}

function replaceKernels(
  originals: readonly KernelConfig[],
  replacement: (original: KernelConfig) => KernelConfig,
): void {
  for (const original of originals) {
    unregisterKernel(original.kernelName, original.backendName)
    registerKernel(replacement(original))
  }
}
