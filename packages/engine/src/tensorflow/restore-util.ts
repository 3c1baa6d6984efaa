/** Two functions of Node's `util` that tfjs-node 4.22 calls and that Node 23 removed. */
import { createRequire } from 'node:module'

/** Adds `isNullOrUndefined` and `isArray` to the module object where they are missing. */
export function restoreUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  util.isArray ??= Array.isArray
}
