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
import {
  buildAugmentation,
  drawViews,
  resolveConfig,
  smallResidentImages,
  type ViewKey,
  viewReading,
} from '@simclr/trainer'
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
const augmentation = buildAugmentation(config, { crop: dataset.imageSize !== undefined })
const resident = await smallResidentImages(dataset)
const root = RandomKey.fromSeed(config.seed)
let epoch = 0

async function onePass(): Promise<void> {
  const key = root.fold(epoch++)
  const keyOf: ViewKey = (image, view) => key.fold(image).fold(view)
  const reading = viewReading(dataset, config, keyOf, resident)
  for await (const batch of dataset.batches({ batchSize, shuffle: key.fold('order'), ...reading })) {
    drawViews(batch, augmentation, keyOf, resident).dispose()
  }
}

await answerSteps(`${name} ${version}`, onePass)
