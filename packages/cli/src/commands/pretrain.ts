/** `simclr pretrain`: trains an encoder without labels. */
import { singleProcess } from '@simclr/core'
import type { ProcessGroup } from '@simclr/distributed'
import { configSchema, findPreset, type PartialConfig, presets } from '@simclr/trainer'
import { onFirstRank, pretrain, readRunConfig } from '@simclr/trainer/node'
import type { Command } from 'commander'
import { addEngineFlags, describeEngine, type EngineFlags, startEngine } from '../engine-flags.ts'
import { addGroupFlags, endTogether, type GroupFlags, joinGroup, openCommunicator } from '../group-flags.ts'
import { ProgressPrinter, percent } from '../progress.ts'
import { addSchemaFlags, schemaSettings } from '../schema-flags.ts'

interface PretrainFlags extends EngineFlags, GroupFlags, Record<string, unknown> {
  preset?: string
  out: string
  resume?: boolean
}

export function addPretrain(program: Command): void {
  const command = program
    .command('pretrain')
    .description('pretrain an encoder by contrasting two views of each image')
    .requiredOption('--out <folder>', 'folder of the run: configuration, metrics, checkpoints')
    .option('--preset <name>', `settings to start from: ${Object.keys(presets).join(', ')}`)
    .option('--resume', 'continue the run in --out from its newest checkpoint')
  addEngineFlags(command)
  addGroupFlags(command)
  addSchemaFlags(command, configSchema)
  command.action(run)
}

async function run(flags: PretrainFlags): Promise<void> {
  const group = await joinGroup(flags)
  if (group === undefined) return train(flags)
  await endTogether(group, () => train(flags, group))
}

async function train(flags: PretrainFlags, group?: ProcessGroup): Promise<void> {
  const { out, resume = false } = flags
  const selection = await startEngine(flags, group)
  const communicator = group === undefined ? singleProcess : await openCommunicator(group, flags)
  const isFirst = communicator.rank === 0
  const base: PartialConfig = flags.preset === undefined ? {} : findPreset(flags.preset)
  const stored = resume ? await onFirstRank(communicator, () => readRunConfig(out)) : undefined
  const settings = { ...(stored ?? base), ...schemaSettings(flags, configSchema) }
  const printer = new ProgressPrinter()
  const say = (line: string): void => {
    if (isFirst) printer.line(line)
  }
  const stop = new AbortController()
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
    say('stopping after this step, with a checkpoint; press Ctrl-C again to stop at once')
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  const result = await pretrain(settings, {
    out,
    resume,
    communicator,
    engine: describeEngine(selection),
    viewsOn: selection.device === 'cpu' ? 'processor' : 'engine',
    signal: stop.signal,
    onEvent: printer.show,
    warn: (line) => say(`warning: ${line}`),
  })
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  if (result.interrupted) {
    say(`stopped at step ${result.step}; continue with: simclr pretrain --out ${out} --resume`)
    process.exitCode = 130
    return
  }
  const [before, after] = [result.knn[0], result.knn.at(-1)]
  if (before?.step === 0 && after !== undefined) {
    say(`kNN accuracy ${percent(before.accuracy)} untrained, ${percent(after.accuracy)} trained`)
  }
  say(`done: ${result.checkpoint}`)
}
