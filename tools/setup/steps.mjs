/**
 * What a fresh checkout needs before anything can run. Each step prints one line with its seconds, and what its
 * command printed only if it fails. A step that has nothing to do takes about a second.
 */
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { node, root, run, StepFailed } from './run.mjs'

const { packageManager, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The built command line, for `node`. */
export const simclr = 'packages/cli/dist/main.js'

/** Installs what package.json and the lockfile name. */
export async function installPackages() {
  checkNode()
  await step('install packages', () => pnpm(['install', '--frozen-lockfile']))
}

/** Builds every package whose sources changed. */
export async function buildPackages() {
  await step('build packages', () =>
    pnpm(['exec', 'turbo', 'run', 'build', '--concurrency=2', '--output-logs=errors-only'], {
      environment: { TURBO_TELEMETRY_DISABLED: '1' },
    }),
  )
}

/**
 * Installs an engine if it is not there. Without the fast one everything runs, slowly.
 *
 * @returns whether it is there now.
 */
export async function installEngine(name = 'libtorch') {
  const { code, output } = await timed(`install ${name}`, () =>
    node([simclr, 'engine', 'install', name], { quiet: true }),
  )
  if (code === 0) return true
  console.log(`  no ${name}: ${output.split('\n').at(-1)}`)
  if (name === 'libtorch') console.log('  continuing with the portable engine (wasm), which is slow')
  return false
}

/** Runs a command as one step. */
export async function step(name, command) {
  const { code, output } = await timed(name, command)
  if (code === 0) return
  console.error(output)
  throw new StepFailed(`${name}: exit code ${code}`)
}

/** Runs pnpm in the version that package.json names: the one on this machine, or through npm. */
export async function pnpm(args, options = {}) {
  const version = packageManager.match(/^pnpm@([\d.]+)/)[1]
  const here = await run('pnpm', ['--version'], { quiet: true, cwd: tmpdir() })
  const command =
    here.code === 0 && here.output === version
      ? ['pnpm']
      : ['npm', 'exec', '--yes', `--package=pnpm@${version}`, '--', 'pnpm']
  return run(command[0], [...command.slice(1), ...args], { quiet: true, ...options })
}

async function timed(name, command) {
  process.stdout.write(`${name} … `)
  const began = performance.now()
  const result = await command()
  console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`)
  return result
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = engines.node.match(/\d+/g).map(Number)
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  throw new StepFailed(`Node ${engines.node} is needed, this is ${process.version}: install a newer one`)
}
