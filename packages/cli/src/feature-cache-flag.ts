/** `--feature-cache`: evaluations that read features which an earlier one computed. */
import { type ExtractFeaturesOptions, extractFeatures, type Features } from '@simclr/eval'
import { cachedFeatures } from '@simclr/eval/node'
import type { Command } from 'commander'

export interface FeatureCacheFlag {
  featureCache?: string
}

export function addFeatureCacheFlag(command: Command): Command {
  return command.option(
    '--feature-cache <dir>',
    'store features of whole images there and read those of an earlier evaluation (4 bytes × images × width)',
  )
}

/** How an evaluation computes the features of whole images. */
export function featureExtractor({
  featureCache: directory,
}: FeatureCacheFlag): (options: ExtractFeaturesOptions) => Promise<Features> {
  if (directory === undefined) return extractFeatures
  return (options) => cachedFeatures({ ...options, directory })
}
