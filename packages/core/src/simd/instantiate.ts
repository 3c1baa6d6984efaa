/** From definitions to functions that can be called. */
import { encodeModule, type FunctionDefinition } from './module.ts'

/** Numbers in, nothing out: see its {@link FunctionDefinition}. */
export type WasmFunction = (...parameters: number[]) => void

/** The part of the global WebAssembly that is used here; TypeScript has its types for browsers only. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** Compiles functions and binds them to a memory. */
export function instantiate<Name extends string>(
  definitions: Readonly<Record<Name, FunctionDefinition>>,
  memory: object,
): Record<Name, WasmFunction> {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
  const { exports } = new Instance(new Module(encodeModule(definitions)), { host: { memory } })
  return exports as Record<Name, WasmFunction>
}
