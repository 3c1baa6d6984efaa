/** Finds out in a child process whether WebGPU computes here: a driver that crashes takes only that process. */
import { fork } from 'node:child_process'

/** The program of the child lies beside this file, in the build and in the sources, where tsx runs it. */
const [PROGRAM, NODE_OPTIONS]: [string, string[]] = import.meta.url.endsWith('.ts')
  ? ['./probe-webgpu.ts', ['--import', 'tsx', '--conditions=@simclr/source']]
  : ['./probe-webgpu.js', []]

/** The device that computes, or why none does. */
export type WebgpuInspection =
  | { readonly device: string; readonly failure?: never }
  | { readonly device?: never; readonly failure: string }

/** Takes about a second. Never throws. */
export async function inspectWebgpu(environment: NodeJS.ProcessEnv = process.env): Promise<WebgpuInspection> {
  const child = fork(new URL(PROGRAM, import.meta.url), {
    execArgv: NODE_OPTIONS,
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    timeout: 60_000,
  })
  return new Promise((resolve) => {
    child.once('message', (inspection) => resolve(inspection as WebgpuInspection))
    child.once('error', ({ message }) => resolve({ failure: message }))
    child.once('close', (code, signal) => resolve({ failure: `the process ended with ${signal ?? code}` }))
  })
}
