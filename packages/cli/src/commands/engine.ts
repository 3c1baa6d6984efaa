/** `simclr engine`: what computes, why, and how to get something faster. */
import { SimclrError } from '@simclr/core'
import { doctor, formatDoctor, formatEngines, installLibtorch, listEngines } from '@simclr/engine'
import type { Command } from 'commander'

interface InstallFlags {
  torchVersion?: string
  python?: string
  force?: boolean
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
    .description('install libtorch, the fast engine, with pip into the user cache folder')
    .argument('<name>', 'libtorch')
    .option('--torch-version <version>', 'version of torch, e.g. 2.11.0')
    .option('--python <command>', 'Python whose pip downloads (default: the first Python 3 on the PATH)')
    .option('--force', 'replace what is installed')
    .action(install)
}

async function install(name: string, flags: InstallFlags): Promise<void> {
  if (name !== 'libtorch') {
    throw new SimclrError({ parameter: 'engine install', expected: 'libtorch', received: `"${name}"` })
  }
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(new Error('interrupted: nothing was installed'))
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  const { python, force, torchVersion: version } = flags
  await installLibtorch({
    log: console.log,
    signal: stop.signal,
    ...(python === undefined ? {} : { python }),
    ...(version === undefined ? {} : { version }),
    ...(force === undefined ? {} : { force }),
  })
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
}
