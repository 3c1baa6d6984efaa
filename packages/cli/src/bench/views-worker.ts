/**
 * Two augmented views of every image, made as the trainer makes them, in a process of its own.
 *
 * usage: node views-worker.js ENGINE CASE, with CASE as JSON
 * Speaks the protocol of `peers/protocol.py`; a step is a pass over the images.
 */
import { RandomKey } from '@simclr/core'
import { synthetic } from '@simclr/data'
import { imageFolder } from '@simclr/data/node'
import { type EngineName, useEngine } from '@simclr/engine'
import { resolveConfig, type ViewKey, viewMaker } from '@simclr/trainer'
import { answerSteps } from './answer-steps.ts'
import type { ViewCase } from './view-case.ts'

const [engine, text] = process.argv.slice(2) as [EngineName, string]
const { folder, images, size, strength, blur, batchSize, threads, workers } = JSON.parse(text) as ViewCase
const { name, version } = await useEngine(engine, { threads })
const config = resolveConfig({ imageSize: size, strength, blur })
const dataset =
  folder === null
    ? synthetic({ count: images, testCount: 1, size })
    : await imageFolder(folder, { threads: Math.max(workers, 1) })
const maker = await viewMaker(dataset, config)
const root = RandomKey.fromSeed(config.seed)
let epoch = 0

async function onePass(): Promise<void> {
  const key = root.fold(epoch++)
  const keyOf: ViewKey = (image, view) => key.fold(image).fold(view)
  for await (const batch of dataset.batches({
    batchSize,
    shuffle: key.fold('order'),
    ...maker.reading(keyOf),
  })) {
    maker.views(batch, keyOf).dispose()
  }
}

await answerSteps(`${name} ${version}`, onePass)
