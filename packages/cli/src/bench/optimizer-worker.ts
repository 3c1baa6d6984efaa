/**
 * A LARS step over given parameters in a process of its own.
 *
 * usage: node optimizer-worker.js ENGINE SHAPES THREADS   (SHAPES as `peers/optimizer.py` takes them)
 * Speaks the protocol of `peers/protocol.py`.
 */
import type { Parameter } from '@simclr/core'
import { type EngineName, useEngine } from '@simclr/engine'
import { lars } from '@simclr/optimizers'
import { fill, tidy, variable } from '@tensorflow/tfjs-core'
import { answerSteps } from './answer-steps.ts'

const [engineName, shapes, threads] = process.argv.slice(2) as [EngineName, string, string]
const { name, version } = await useEngine(engineName, { threads: Number(threads) })
const parameters = (JSON.parse(shapes) as [number[], boolean][]).map(
  ([shape, adapted], index): Parameter => ({
    name: String(index),
    role: adapted ? 'kernel' : 'offset',
    value: tidy(() => variable(fill(shape, 0.5))),
    trainable: true,
  }),
)
const gradients = parameters.map(({ value }) => fill(value.shape, 0.01))
const optimizer = lars({ learningRate: 0.1 })
const last = parameters.at(-1)!.value

await answerSteps(`${name} ${version}`, async () => {
  optimizer.update(parameters, gradients)
  await last.data()
})
