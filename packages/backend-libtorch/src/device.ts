/** Where torch keeps and computes tensors. */
import { LibtorchError } from './libtorch-error.ts'

/** The processor, an NVIDIA GPU (the first, or one by number), or an Apple GPU. */
export type DeviceName = 'cpu' | 'cuda' | `cuda:${number}` | 'mps'

export interface Device {
  readonly kind: 'cpu' | 'cuda' | 'mps'
  readonly index: number
}

/** @throws LibtorchError for a name that is none */
export function parseDevice(name: string): Device {
  const [, kind, index = '0'] = /^(cpu|mps|cuda)(?::(\d+))?$/.exec(name) ?? []
  if (kind === undefined || (kind !== 'cuda' && name !== kind)) {
    throw new LibtorchError(`device must be cpu, cuda, cuda:NUMBER or mps, got ${name}.`)
  }
  return { kind: kind as Device['kind'], index: Number(index) }
}
