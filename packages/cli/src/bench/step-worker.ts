/**
 * Our training step in a process of its own, so that its memory is its own too.
 *
 * usage: node step-worker.js ENGINE DEPTH WIDTH STEM SIZE VIEWS THREADS
 * Speaks the protocol of `peers/protocol.py`.
 */
import { type EngineName, useEngine } from '@simclr/engine'
import { answerSteps } from './answer-steps.ts'
import { createStep, type StepCase } from './step-case.ts'

const [engine, depth, width, stem, size, views, threads] = process.argv.slice(2)
const { name, version } = await useEngine(engine as EngineName, { threads: Number(threads) })
const step = createStep({
  depth: Number(depth) as StepCase['depth'],
  width: Number(width),
  stem: stem as StepCase['stem'],
  imageSize: Number(size),
  views: Number(views),
})
await answerSteps(`${name} ${version}`, step.run)
