/**
 * Checkpoints: `checkpoints/step-00000200/{model.safetensors, optimizer.safetensors, state.json}`, with an online probe
 * `probe.safetensors` too, each whole or absent, with checksums that tell a damaged one.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Communicator, type NamedTensor, SimclrError } from '@simclr/core'
import { removeUnfinished, writeFolder } from '@simclr/core/node'
import {
  decodeSafetensors,
  encodeSafetensors,
  loadWeights,
  moduleWeights,
  type ProjectionHead,
  type ResNet,
  type SimclrNetwork,
  type Weights,
} from '@simclr/models'
import type { Optimizer } from '@simclr/optimizers'
import { dispose, tensor } from '@tensorflow/tfjs-core'
import { type Config, resolveConfig } from '../config.ts'
import { type ExpectedFeatures, expectedFeatures } from '../expected-features.ts'
import type { OnlineProbe } from '../online-probe.ts'
import { broadcastBytes, onFirstRank } from './exchange.ts'
import { explainWriteError } from './write-error.ts'

/** What a checkpoint says about itself, in state.json. */
export interface CheckpointState {
  readonly format: 1
  /** Updates made. */
  readonly step: number
  readonly config: Config
  /** Engine that made it, e.g. `libtorch 2.15.0 cpu, 2 threads`; resuming is bit-exact on the same one. */
  readonly engine: string
  readonly created: string
  /** What loading the encoder must give. */
  readonly expected: ExpectedFeatures
  /** SHA-256 of the other files by name. */
  readonly checksums: Readonly<Record<string, string>>
}

const MODEL = 'model.safetensors'
const OPTIMIZER = 'optimizer.safetensors'
const PROBE = 'probe.safetensors'
const STATE = 'state.json'

/**
 * Writes a checkpoint and then removes the oldest beyond `keep`.
 *
 * @param runFolder The run's folder; the checkpoint is a folder in its `checkpoints`.
 * @returns The checkpoint's folder.
 * @throws SimclrError if it cannot be written, e.g. on a full disk; earlier checkpoints are untouched then.
 */
export async function writeCheckpoint(
  runFolder: string,
  network: SimclrNetwork<ResNet, ProjectionHead>,
  optimizer: Optimizer,
  {
    config,
    engine,
    keep,
    probe,
  }: { config: Config; engine: string; keep: number; probe?: OnlineProbe | undefined },
): Promise<string> {
  const parent = join(runFolder, 'checkpoints')
  const { step } = optimizer
  const path = join(parent, `step-${String(step).padStart(8, '0')}`)
  const [weights, slots, probed, expected] = await Promise.all([
    moduleWeights(network),
    snapshot(optimizer),
    probe && snapshot(probe),
    expectedFeatures(network.encoder),
  ])
  const files = new Map<string, Uint8Array | string>([
    [MODEL, encodeSafetensors(weights)],
    [OPTIMIZER, encodeSafetensors(slots)],
  ])
  if (probed !== undefined) files.set(PROBE, encodeSafetensors(probed))
  const checksums = Object.fromEntries([...files].map(([name, content]) => [name, sha256(content)]))
  const state: CheckpointState = {
    format: 1,
    step,
    config,
    engine,
    created: new Date().toISOString(),
    expected,
    checksums,
  }
  files.set(STATE, `${JSON.stringify(state, null, 2)}\n`)
  try {
    await writeFolder(path, files)
  } catch (error) {
    throw explainWriteError(`checkpoint ${path}`, error)
  }
  const names = await checkpointNames(parent)
  for (const name of names.slice(0, -keep)) await rm(join(parent, name), { recursive: true, force: true })
  return path
}

/** Where a run stands: the newest whole checkpoint. */
export interface FoundCheckpoint {
  readonly path: string
  readonly state: CheckpointState
  readonly model: Uint8Array
  readonly optimizer: Uint8Array
  /** Of a configuration with an online probe. */
  readonly probe: Uint8Array | undefined
}

/**
 * Finds the newest checkpoint of a run whose checksums hold, and removes unfinished ones.
 *
 * @param warn Receives one line for each damaged checkpoint that was passed over.
 * @returns undefined if the run has no checkpoint yet.
 * @throws SimclrError if it has some but all are damaged.
 */
export async function findCheckpoint(
  runFolder: string,
  warn: (line: string) => void,
): Promise<FoundCheckpoint | undefined> {
  const parent = join(runFolder, 'checkpoints')
  await removeUnfinished(parent)
  const names = await checkpointNames(parent)
  for (const name of names.toReversed()) {
    const path = join(parent, name)
    try {
      return await readCheckpoint(path)
    } catch (error) {
      if (!SimclrError.isInstance(error)) throw error
      warn(`${error.message} The checkpoint before it is used.`)
    }
  }
  if (names.length === 0) return undefined
  throw new SimclrError({
    parameter: `checkpoints in ${parent}`,
    expected: 'at least one whole checkpoint',
    received: `${names.length} damaged`,
    remedy: 'Start again in another folder.',
  })
}

/**
 * What {@link findCheckpoint} finds on rank 0, on every rank: the others need no access to the run's folder.
 *
 * @throws on every rank what it throws on rank 0.
 */
export async function findSharedCheckpoint(
  communicator: Communicator,
  runFolder: string,
  warn: (line: string) => void,
): Promise<FoundCheckpoint | undefined> {
  if (communicator.size === 1) return findCheckpoint(runFolder, warn)
  let found: FoundCheckpoint | undefined
  const shared = await onFirstRank(communicator, async () => {
    found = await findCheckpoint(runFolder, warn)
    return found === undefined ? {} : { path: found.path, state: found.state }
  })
  const [model, optimizer, probe] = [found?.model, found?.optimizer, found?.probe].map((content) =>
    broadcastBytes(communicator, content),
  ) as [Uint8Array, Uint8Array, Uint8Array]
  const { path, state } = shared
  if (path === undefined || state === undefined) return undefined
  return { path, state, model, optimizer, probe: state.config.onlineProbe ? probe : undefined }
}

/** @throws SimclrError if a file is missing or its checksum differs. */
export async function readCheckpoint(path: string): Promise<FoundCheckpoint> {
  const read = async (name: string): Promise<Buffer> =>
    readFile(join(path, name)).catch((cause) => {
      throw damaged(join(path, name), cause instanceof Error ? cause.message : String(cause))
    })
  const state = parseState(path, (await read(STATE)).toString('utf8'))
  const readWhole = async (name: string): Promise<Buffer> => {
    const content = await read(name)
    if (sha256(content) !== state.checksums[name]) throw damaged(join(path, name), 'another SHA-256')
    return content
  }
  return {
    path,
    state,
    model: await readWhole(MODEL),
    optimizer: await readWhole(OPTIMIZER),
    probe: state.config.onlineProbe ? await readWhole(PROBE) : undefined,
  }
}

/** Puts a checkpoint into a network, an optimizer and a probe built from the same configuration. */
export function restoreCheckpoint(
  found: FoundCheckpoint,
  network: SimclrNetwork,
  optimizer: Optimizer,
  probe?: OnlineProbe,
): void {
  loadWeights(network, decodeSafetensors(found.model))
  restore(optimizer, found.optimizer)
  if (probe !== undefined && found.probe !== undefined) restore(probe, found.probe)
}

/** What an optimizer and a probe have in common. */
type Stateful = Pick<Optimizer, 'state' | 'load'>

/** Like {@link moduleWeights}: all reads start before the call returns. */
async function snapshot(source: Stateful): Promise<Weights> {
  const state = source.state()
  try {
    return new Map(
      await Promise.all(
        state.map(async ({ name, value }) => {
          const dtype = value.dtype === 'int32' ? 'I32' : 'F32'
          const values = await value.data<'float32' | 'int32'>()
          return [name, { dtype, shape: value.shape, values }] as const
        }),
      ),
    )
  } finally {
    dispose(state.map(({ value }) => value))
  }
}

function restore(target: Stateful, content: Uint8Array): void {
  const state = tensorsOf(decodeSafetensors(content))
  target.load(state)
  dispose(state.map(({ value }) => value))
}

function tensorsOf(arrays: Weights): NamedTensor[] {
  return [...arrays].map(([name, { dtype, shape, values }]) => ({
    name,
    value:
      dtype === 'I32'
        ? tensor(values as Int32Array, [...shape], 'int32')
        : tensor(values as Float32Array, [...shape], 'float32'),
  }))
}

async function checkpointNames(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => [])
  return names.filter((name) => /^step-\d{8}$/.test(name)).sort()
}

function parseState(path: string, text: string): CheckpointState {
  try {
    const state = JSON.parse(text) as CheckpointState
    const whole =
      state.format === 1 && typeof state.expected === 'object' && typeof state.checksums === 'object'
    if (whole) return { ...state, config: resolveConfig(state.config) }
  } catch (cause) {
    if (SimclrError.isInstance(cause)) throw cause
  }
  throw damaged(join(path, STATE), 'not a checkpoint state')
}

function damaged(file: string, received: string): SimclrError {
  return new SimclrError({ parameter: file, expected: 'the file that was written', received })
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
