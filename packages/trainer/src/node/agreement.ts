/** Processes that train together must agree: on what they are about to do, and later on the weights. */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { type Communicator, type Module, SimclrError } from '@simclr/core'
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { type Config, configDifference } from '../config.ts'
import { codeFingerprint } from './code-fingerprint.ts'
import { gatherJson } from './exchange.ts'
import type { ImageIdentity } from './image-identity.ts'

/** What a rank brings, or why it cannot take part. */
export interface Intention {
  readonly config: Config
  /** Description of the engine, e.g. `libtorch 2.15.0, cpu, 2 threads`. */
  readonly engine: string
  readonly images: ImageIdentity
}

type Report = { readonly host: string } & (
  | { readonly intention: Intention; readonly code: string }
  | { readonly error: string }
)

/**
 * To be called by every rank.
 *
 * @param intend Finds out what this rank is to do.
 * @returns what `intend` returns.
 * @throws SimclrError on every rank if `intend` throws on one, or if one differs from rank 0 in its configuration, code, engine
 *   or training images: with its number, host and the difference. What this rank itself throws comes as it is.
 */
export async function agree<Own extends Intention>(
  communicator: Communicator,
  intend: () => Promise<Own>,
): Promise<Own> {
  if (communicator.size === 1) return intend()
  const host = hostname()
  const own = await intend().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  const reports = gatherJson(communicator, await reportOf(host, own))
  if ('error' in own) throw own.error
  reports.forEach((other, rank) => {
    const problem = problemOf(reports[0]!, other)
    if (problem !== undefined)
      throw new SimclrError({ parameter: `rank ${rank} (${other.host})`, ...problem })
  })
  return own.value
}

async function reportOf(
  host: string,
  own: { readonly value: Intention } | { readonly error: unknown },
): Promise<Report> {
  if ('error' in own)
    return { host, error: own.error instanceof Error ? own.error.message : String(own.error) }
  const { config, engine, images } = own.value
  return { host, intention: { config, engine, images }, code: await codeFingerprint() }
}

interface Problem {
  readonly expected: string
  readonly received: string
  readonly remedy?: string
}

function problemOf(first: Report, other: Report): Problem | undefined {
  if ('error' in other) return { expected: 'able to start', received: other.error }
  if ('error' in first) return undefined
  const [a, b] = [first.intention, other.intention]
  const setting = configDifference(b.config, a.config)
  if (setting !== undefined) {
    const remedy = 'Start every rank with the same command.'
    return { expected: 'started with the configuration of rank 0', received: setting, remedy }
  }
  if (first.code !== other.code) {
    const remedy = 'Install the same version on every host.'
    return { expected: `on the code of rank 0 (${first.code})`, received: other.code, remedy }
  }
  if (withoutThreads(a.engine) !== withoutThreads(b.engine)) {
    const remedy = 'Install the same engine on every host, or name it with --engine.'
    return { expected: `on the engine of rank 0, ${a.engine}`, received: b.engine, remedy }
  }
  if (a.images.sha256 === b.images.sha256) return undefined
  const received =
    a.images.count === b.images.count ? `${b.images.count} with other labels` : String(b.images.count)
  const remedy = 'Give every host the same copy of the dataset.'
  return { expected: `on the ${a.images.count} training images of rank 0`, received, remedy }
}

function withoutThreads(engine: string): string {
  return engine.replace(/, \d+ threads?$/, '')
}

/**
 * To be called by every rank after the same update.
 *
 * @throws SimclrError on every rank if the weights of one are not those of rank 0, bit for bit.
 */
export async function checkReplicas(
  communicator: Communicator,
  network: Module<Tensor4D, Tensor2D>,
  step: number,
): Promise<void> {
  if (communicator.size === 1) return
  const hash = createHash('sha256')
  for (const { value } of network.parameters()) hash.update(await value.data<'float32'>())
  const reports = gatherJson(communicator, { host: hostname(), weights: hash.digest('hex') })
  const rank = reports.findIndex(({ weights }) => weights !== reports[0]!.weights)
  if (rank < 0) return
  throw new SimclrError({
    parameter: `rank ${rank} (${reports[rank]!.host})`,
    expected: `of the same weights as rank 0 after ${step} steps`,
    received: 'others',
    remedy:
      'Continue with --resume from the checkpoint before; if it happens again, a device computes wrongly.',
  })
}
