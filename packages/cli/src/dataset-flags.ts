/** The flags that choose images, the same for every command that looks at a run. */
import { SimclrError } from '@simclr/core'
import { type Config, configSchema } from '@simclr/trainer'
import type { Command } from 'commander'
import { schemaSettings } from './schema-flags.ts'

/** The settings of a run that say what its images are. */
const datasetSchema = configSchema.pick({ data: true, allowPartial: true, skipUndecodable: true })

export type DatasetFlags = Partial<Pick<Config, 'data' | 'allowPartial' | 'skipUndecodable'>>

/** Adds `--data`, `--allow-partial` and `--skip-undecodable`. */
export function addDatasetFlags(command: Command): Command {
  const { data, allowPartial, skipUndecodable } = datasetSchema.shape
  return command
    .option('--data <spec>', `${data.description} (default: the one of the run)`)
    .option('--allow-partial', allowPartial.description)
    .option('--skip-undecodable', skipUndecodable.description)
}

/**
 * The settings of a run with those that flags give instead.
 *
 * @throws SimclrError if there is neither a run nor `--data`.
 */
export function withDatasetFlags(config: Config | undefined, flags: DatasetFlags): Required<DatasetFlags> {
  const given = schemaSettings({ ...flags }, datasetSchema)
  if (config === undefined && given.data === undefined) {
    throw new SimclrError({
      parameter: '--data',
      expected: 'given: imported weights have no run that names it',
      received: 'none',
      remedy: 'Pass e.g. --data cifar10:DIR; "simclr data list" shows all.',
    })
  }
  const { data, allowPartial, skipUndecodable } = { ...(config ?? datasetSchema.parse({})), ...given }
  return { data, allowPartial, skipUndecodable }
}
