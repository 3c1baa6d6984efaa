/** `simclr bench`: speed beside a peer, measured in the same run. */
import { SimclrError } from '@simclr/core'
import { type EngineName, listEngines } from '@simclr/engine'
import { type Command, Option } from 'commander'
import { benchAugment } from '../bench/bench-augment.ts'
import { benchData } from '../bench/bench-data.ts'
import { benchLogistic } from '../bench/bench-logistic.ts'
import { benchLoss } from '../bench/bench-loss.ts'
import { benchOptimizer } from '../bench/bench-optimizer.ts'
import { type BenchReport, describeMachine, formatBench } from '../bench/bench-report.ts'
import { benchScale } from '../bench/bench-scale.ts'
import { benchStep } from '../bench/bench-step.ts'
import type { CompareOptions } from '../bench/compare.ts'
import { installPeers, requirePeers } from '../bench/install-peers.ts'
import { measureWaiting } from '../bench/measure-waiting.ts'
import { addEngineFlag, addEngineFlags, type EngineFlags, startEngine } from '../engine-flags.ts'
import { parseNumber } from '../schema-flags.ts'

interface BenchFlags extends EngineFlags {
  python?: string
  case?: string
  repetitions: number
  json?: boolean
  mpirun?: string
}

interface MeasureOptions extends CompareOptions {
  readonly engine: EngineName
  readonly threads: number
  readonly python: string
  readonly only: string
  readonly mpirun: string
}

interface Bench {
  readonly name: string
  readonly description: string
  /** Adds the flags that not every benchmark has, or fixes their values. */
  readonly addFlags: (command: Command) => Command
  /** Whether its peers are Python packages; default true. */
  readonly needsPeers?: boolean
  readonly measure: (options: MeasureOptions) => Promise<Pick<BenchReport, 'cases' | 'figures'>>
}

const BENCHES: readonly Bench[] = [
  {
    name: 'step',
    description:
      'a training step with LARS beside PyTorch eager (channels-last, float32) and stock tfjs-node',
    addFlags: (command) => addEngineFlags(addCaseFlag(command)),
    measure: async (options) => {
      const tensorflow = (await listEngines()).find(({ name }) => name === 'tensorflow')
      return { cases: await benchStep({ ...options, withTensorflow: tensorflow?.available === true }) }
    },
  },
  {
    name: 'augment',
    description: 'augmented views on one core beside torchvision (image by image) and kornia (batched)',
    addFlags: (command) => addEngineFlag(addCaseFlag(command)).setOptionValue('threads', 1),
    measure: async (options) => ({ cases: await benchAugment(options) }),
  },
  {
    name: 'data',
    description:
      'JPEG files to batches of views on all cores beside torch, and how long training waits for images',
    addFlags: addEngineFlag,
    measure: async (options) => ({ cases: await benchData(options), figures: [await measureWaiting()] }),
  },
  {
    name: 'optimizer',
    description: "a LARS step over ResNet-50's parameters beside lightly's LARS and PyTorch's foreach SGD",
    addFlags: addEngineFlags,
    measure: async (options) => ({ cases: await benchOptimizer(options) }),
  },
  {
    name: 'logistic',
    description: 'logistic regression at 45 strengths of the penalty beside scikit-learn (lbfgs, warm start)',
    addFlags: (command) => addEngineFlags(addCaseFlag(command)),
    measure: benchLogistic,
  },
  {
    name: 'loss',
    description:
      'NT-Xent and its gradient beside lightly in PyTorch, and beside the textbook on plain engines',
    addFlags: (command) => addEngineFlags(addCaseFlag(command)),
    measure: async (options) => {
      const plain = ['wasm', 'tensorflow'] as const
      const engines = await listEngines()
      const plainEngines = plain.filter((name) =>
        engines.some((engine) => engine.name === name && engine.available),
      )
      return { cases: await benchLoss({ ...options, plainEngines }) }
    },
  },
  {
    name: 'scale',
    description:
      'a training step over several MPI ranks beside one rank on all cores, and beside the cost model',
    addFlags: (command) =>
      addEngineFlag(command).option('--mpirun <command>', 'launcher with its options', 'mpirun'),
    needsPeers: false,
    measure: benchScale,
  },
]

export function addBench(program: Command): void {
  const parent = program.command('bench').description('speed beside a peer on this machine, in one run')
  parent
    .command('setup')
    .description('install the Python peers into the user cache folder')
    .action(() => installPeers(console.log))
  for (const bench of BENCHES) {
    const command = parent
      .command(bench.name)
      .description(bench.description)
      .option('--python <command>', 'Python that has the peers (default: the one that setup installs)')
      .addOption(
        new Option('--repetitions <number>', 'interleaved repetitions of every case')
          .argParser((text) => parseNumber('--repetitions', text))
          .default(7),
      )
      .option('--json', 'print one line of JSON last')
    bench.addFlags(command).action((flags: BenchFlags) => run(bench, flags))
  }
}

function addCaseFlag(command: Command): Command {
  return command.option('--case <text>', 'only cases whose name contains it, e.g. "224 px"')
}

async function run({ name, measure, needsPeers = true }: Bench, flags: BenchFlags): Promise<void> {
  const python = flags.python ?? (needsPeers ? await requirePeers() : 'python3')
  const { name: engine, device, precision, threads } = await startEngine(flags)
  if (device !== 'cpu' || precision !== 'float32') {
    throw new SimclrError({
      parameter: `bench ${name}`,
      expected: 'on the processor in float32, as its peers compute',
      received: `${device} in ${precision}`,
      remedy: 'Choose another --engine; for our step alone, on any device, use: simclr engine bench.',
    })
  }
  const { repetitions, case: only = '', mpirun = 'mpirun' } = flags
  const options = { engine, threads, python, repetitions, only, mpirun, log: console.log }
  const measured = await measure(options)
  const report: BenchReport = { name, machine: describeMachine(), ...measured }
  console.log(formatBench(report))
  if (flags.json === true) console.log(JSON.stringify(report))
}
