/** `simclr bench`: speed beside a peer, measured in the same run. */
import { SimclrError } from '@simclr/core'
import { listEngines } from '@simclr/engine'
import { type Command, Option } from 'commander'
import { describeMachine, formatBench } from '../bench/bench-report.ts'
import { benchStep } from '../bench/bench-step.ts'
import { installPeers, requirePeers } from '../bench/install-peers.ts'
import { addEngineFlags, type EngineFlags, startEngine } from '../engine-flags.ts'
import { parseNumber } from '../schema-flags.ts'

interface BenchFlags extends EngineFlags {
  python?: string
  case: string
  repetitions: number
  json?: boolean
}

export function addBench(program: Command): void {
  const bench = program.command('bench').description('speed beside a peer on this machine, in one run')
  bench
    .command('setup')
    .description('install the Python peers into the user cache folder')
    .action(() => installPeers(console.log))
  const step = bench
    .command('step')
    .description(
      'a training step with LARS beside PyTorch eager (channels-last, float32) and stock tfjs-node',
    )
    .option('--python <command>', 'Python that has torch (default: the one that setup installs)')
    .option('--case <text>', 'only cases whose name contains it, e.g. ResNet-50', '')
    .addOption(
      new Option('--repetitions <number>', 'interleaved repetitions of every case')
        .argParser((text) => parseNumber('--repetitions', text))
        .default(7),
    )
    .option('--json', 'print one line of JSON last')
  addEngineFlags(step).action(runStep)
}

async function runStep(flags: BenchFlags): Promise<void> {
  const python = flags.python ?? (await requirePeers())
  const { name, device, precision, threads } = await startEngine(flags)
  if (device !== 'cpu' || precision !== 'float32') {
    throw new SimclrError({
      parameter: 'bench step',
      expected: 'on the processor in float32, as its peers compute',
      received: `${device} in ${precision}`,
      remedy: 'For our step alone, use: simclr engine bench.',
    })
  }
  const tensorflow = (await listEngines()).find((engine) => engine.name === 'tensorflow')
  const cases = await benchStep({
    engine: name,
    python,
    withTensorflow: tensorflow?.available === true,
    only: flags.case,
    repetitions: flags.repetitions,
    threads,
    log: console.log,
  })
  const report = { name: 'step', machine: describeMachine(), cases }
  console.log(formatBench(report))
  if (flags.json === true) console.log(JSON.stringify(report))
}
