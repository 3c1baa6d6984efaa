/** Runs commands from the repository's root, and ends them when the user stops the script. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

const STOPPED = 130

/** A step that failed, or that the user stopped; what its command printed has been shown. */
export class StepFailed extends Error {
  constructor(name, exitCode = 1) {
    super(name)
    this.exitCode = exitCode
    this.stopped = exitCode === STOPPED
  }
}

const running = new Set()
let stopped = false

/** A terminal sends Ctrl-C to the children itself; they end in their own way and the script waits for them. */
function stop(signal) {
  stopped = true
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  for (const child of running) child.kill(signal)
}
process.on('SIGINT', stop).on('SIGTERM', stop)

/**
 * Runs a command without input until it ends.
 *
 * @param options.quiet Collects what it prints instead of showing it.
 * @returns its exit code, and what it printed where quiet.
 * @throws StepFailed if the user stopped the script meanwhile.
 */
export async function run(command, args, { quiet = false, environment = {}, cwd = root } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    shell: process.platform === 'win32' && command !== process.execPath,
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message
      resolve(127)
    })
    child.on('close', (exitCode) => resolve(exitCode ?? 1))
  })
  running.delete(child)
  if (stopped) throw new StepFailed('stopped', STOPPED)
  return { code, output: output.trim() }
}

/** Runs a Node program with this Node. */
export function node(args, options) {
  return run(process.execPath, args, options)
}

/** Runs a script's main function, whose result is the exit code. */
export async function main(script) {
  try {
    process.exitCode = (await script()) ?? 0
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    console.error(error.message)
    process.exitCode = error.exitCode
  }
}
