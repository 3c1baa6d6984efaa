/** The images of a run. */
import type { Dataset } from '@simclr/data'
import { openDataset } from '@simclr/data/node'
import type { Config } from '../config.ts'

/**
 * Opens the dataset that a configuration names, as complete and as sound as the configuration asks for.
 *
 * @returns the training split; close it when done.
 * @throws SimclrError as {@link openDataset} does.
 */
export function openConfiguredDataset({
  data,
  allowPartial,
  skipUndecodable,
}: Pick<Config, 'data' | 'allowPartial' | 'skipUndecodable'>): Promise<Dataset> {
  return openDataset(data, { allowPartial, onError: skipUndecodable ? 'skip' : 'throw' })
}
