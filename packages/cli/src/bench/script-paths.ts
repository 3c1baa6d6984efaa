/** The programs that a benchmark starts, as paths. */
import { fileURLToPath } from 'node:url'

/** A program of the folder `peers`. Ours run from `dist`, one level below the package. */
export function peerScript(file: string): string {
  return fileURLToPath(new URL(`../peers/${file}`, import.meta.url))
}

/** A built worker of this folder. */
export function workerScript(file: string): string {
  return fileURLToPath(new URL(`bench/${file}`, import.meta.url))
}
