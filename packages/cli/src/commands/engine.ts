/** `simclr engine`: what computes, why, and how to get something faster. */
import { nearestWord, SimclrError } from '@simclr/core'
import {
  doctor,
  formatDoctor,
  formatEngines,
  type InstallEngineOptions,
  installLibtorch,
  installTensorflow,
  listEngines,
} from '@simclr/engine'
import type { Command } from 'commander'

interface InstallFlags {
  torchVersion?: string
  tensorflowVersion?: string
  python?: string
  force?: boolean
}

/** What can be installed, each with the flag that chooses its version. */
const INSTALLERS: Record<string, (options: InstallEngineOptions, flags: InstallFlags) => Promise<unknown>> = {
  libtorch: (options, { torchVersion: version }) =>
    installLibtorch({ ...options, ...(version === undefined ? {} : { version }) }),
  tensorflow: (options, { tensorflowVersion: version }) =>
    installTensorflow({ ...options, ...(version === undefined ? {} : { version }) }),
  'tensorflow-gpu': (options, { tensorflowVersion: version }) =>
    installTensorflow({
      ...options,
      engine: 'tensorflow-gpu',
      ...(version === undefined ? {} : { version }),
    }),
}

export function addEngine(program: Command): void {
  const engine = program.command('engine').description('list, install and examine the engines that compute')
  engine
    .command('list')
    .description('engines of this machine, and what makes a missing one available')
    .action(async () => console.log(formatEngines(await listEngines())))
  engine
    .command('doctor')
    .description('what was found where, what would be used, and why')
    .action(async () => console.log(formatDoctor(await doctor())))
  engine
    .command('install')
    .description('install an engine with pip into the user cache folder; libtorch is the fast one')
    .argument('<name>', Object.keys(INSTALLERS).join(', '))
    .option('--torch-version <version>', 'version of torch, e.g. 2.11.0')
    .option('--tensorflow-version <version>', 'version of TensorFlow, e.g. 2.21.0')
    .option('--python <command>', 'Python whose pip downloads (default: the first Python 3 on the PATH)')
    .option('--force', 'replace what is installed')
    .action(install)
}

async function install(name: string, flags: InstallFlags): Promise<void> {
  const installer = INSTALLERS[name]
  if (installer === undefined) {
    const names = Object.keys(INSTALLERS)
    const near = nearestWord(name, names)
    throw new SimclrError({
      parameter: 'engine install',
      expected: `one of ${names.join(', ')}`,
      received: `"${name}"`,
      ...(near === undefined ? {} : { remedy: `Did you mean "${near}"?` }),
    })
  }
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(new Error('interrupted: nothing was installed'))
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  const { python, force } = flags
  const options = {
    log: console.log,
    signal: stop.signal,
    ...(python === undefined ? {} : { python }),
    ...(force === undefined ? {} : { force }),
  }
  await installer(options, flags)
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
}
