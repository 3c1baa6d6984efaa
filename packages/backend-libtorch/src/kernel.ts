/** What a kernel of this backend looks like. */
import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { LibtorchBackend } from './libtorch-backend.ts'
import type { Torch } from './torch.ts'

/** What tfjs hands to a kernel, with the backend and its torch at hand. */
export interface KernelCall<Inputs, Attributes> {
  readonly inputs: Inputs
  readonly attrs: Attributes
  readonly backend: LibtorchBackend
  readonly torch: Torch
}

type Kernel<Inputs, Attributes> = (call: KernelCall<Inputs, Attributes>) => TensorInfo | TensorInfo[]

/** tfjs types every input as possibly undefined; only those named here are. */
type Given<Inputs, Optional> = {
  readonly [Name in keyof Inputs]: Name extends Optional ? Inputs[Name] : NonNullable<Inputs[Name]>
}

/** A kernel whose inputs and attributes are not known here. */
export type AnyKernel = Kernel<never, never>

/** Kernels by their tfjs name. */
export type KernelTable = Readonly<Record<string, AnyKernel>>

/** Gives a kernel the types of its tfjs inputs and attributes; `Optional` names the inputs that may be missing. */
export function kernel<Inputs, Attributes = unknown, Optional extends string = never>(
  run: Kernel<Given<Inputs, Optional>, Attributes>,
): AnyKernel {
  return run
}
