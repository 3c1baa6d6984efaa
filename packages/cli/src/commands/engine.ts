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
import { type Command, Option } from 'commander'
import { formatProfile, measureStep, profileStep } from '../bench/profile-step.ts'
import { STEP_CASES } from '../bench/step-case.ts'
import { addEngineFlags, type EngineFlags, startEngine } from '../engine-flags.ts'
import { parseNumber } from '../schema-flags.ts'

interface InstallFlags {
  device?: 'cpu' | 'cuda'
  torchVersion?: string
  tensorflowVersion?: string
  python?: string
  force?: boolean
}

/** What can be installed, each with the flag that chooses its version. */
const INSTALLERS: Record<string, (options: InstallEngineOptions, flags: InstallFlags) => Promise<unknown>> = {
  libtorch: (options, { torchVersion: version, device }) =>
    installLibtorch({
      ...options,
      ...(version === undefined ? {} : { version }),
      ...(device === undefined ? {} : { device }),
    }),
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
  const bench = engine
    .command('bench')
    .description('how fast the engine takes a training step, and with --profile where the time goes')
    .addOption(
      new Option('--repetitions <number>', 'steps of every case')
        .argParser((text) => parseNumber('--repetitions', text))
        .default(5),
    )
    .option('--profile', 'time per kernel, and the share of the way into the library')
  addEngineFlags(bench).action(runBench)
  engine
    .command('install')
    .description('install an engine with pip into the user cache folder; libtorch is the fast one')
    .argument('<name>', Object.keys(INSTALLERS).join(', '))
    .addOption(
      new Option('--device <name>', 'what libtorch is to compute on (default: cpu)').choices(['cpu', 'cuda']),
    )
    .option('--torch-version <version>', 'version of torch, e.g. 2.11.0')
    .option('--tensorflow-version <version>', 'version of TensorFlow, e.g. 2.21.0')
    .option('--python <command>', 'Python whose pip downloads (default: the first Python 3 on the PATH)')
    .option('--force', 'replace what is installed')
    .action(install)
}

async function runBench(flags: EngineFlags & { repetitions: number; profile?: boolean }): Promise<void> {
  await startEngine(flags)
  for (const stepCase of STEP_CASES) {
    if (flags.profile === true) {
      console.log(`\n${stepCase.name}\n${formatProfile(await profileStep(stepCase))}`)
    } else {
      const rate = await measureStep(stepCase, flags.repetitions)
      console.log(`${stepCase.name}: ${rate.toFixed(1)} views/s`)
    }
  }
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
