/**
 * Linear evaluation by logistic regression in a process of its own.
 *
 * usage: node logistic-worker.js ENGINE CASE THREADS   (CASE as `logistic-case.ts` describes it)
 * Speaks the protocol of `peers/protocol.py`.
 */
import { readFile } from 'node:fs/promises'
import { type EngineName, useEngine } from '@simclr/engine'
import { type Features, logisticRegressionPath } from '@simclr/eval'
import { answerSteps } from './answer-steps.ts'
import type { LogisticCase } from './logistic-case.ts'

const [engineName, text, threads] = process.argv.slice(2) as [EngineName, string, string]
const { file, rows, width, classes, regularizations, tolerance } = JSON.parse(text) as LogisticCase
const { name, version } = await useEngine(engineName, { threads: Number(threads) })

const bytes = await readFile(file)
const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
const labels = data.subarray(rows.reduce((total, some) => total + some, 0) * width)
const part = (start: number, count: number): Features => ({
  features: data.subarray(start * width, (start + count) * width),
  width,
  labels: Int32Array.from(labels.subarray(start, start + count)),
})
const [train, validation, test] = [part(0, rows[0]), part(rows[0], rows[1]), part(rows[0] + rows[1], rows[2])]

const evaluate = async () => {
  const { path, score } = await logisticRegressionPath({
    train,
    validation,
    test,
    classes,
    regularizations,
    tolerance,
    maxIterations: 10_000,
  })
  const list = <Key extends keyof (typeof path)[number]>(key: Key) => path.map((point) => point[key])
  return { objectives: list('objective'), iterations: list('iterations'), stopped: list('stopped'), score }
}

await answerSteps(`${name} ${version}`, evaluate, 1)
