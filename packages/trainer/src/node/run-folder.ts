/** A run's folder: `config.json`, `metrics.jsonl`, `checkpoints/`, and whatever reports are written beside them. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import writeFileAtomic from 'write-file-atomic'
import { type Config, configDifference, resolveConfig } from '../config.ts'
import { explainWriteError } from './write-error.ts'

/**
 * Makes a new run folder, or enters an old one to resume it.
 *
 * @param path Created with its parents if missing.
 * @throws SimclrError if the folder holds a run and `resume` is false, if it holds a run with another configuration,
 * or if it cannot be written. An existing run is never changed by this.
 */
export async function enterRunFolder(
  path: string,
  config: Config,
  { resume }: { resume: boolean },
): Promise<void> {
  const stored = (await hasCheckpoint(path)) ? await readRunConfig(path) : undefined
  if (stored === undefined) {
    try {
      await mkdir(path, { recursive: true })
      await writeFileAtomic(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
    } catch (error) {
      throw explainWriteError(`run folder ${path}`, error)
    }
    return
  }
  const difference = configDifference(stored, config)
  if (difference !== undefined) {
    throw new SimclrError({
      parameter: `run folder ${path}`,
      expected: 'empty, or of the same configuration',
      received: `a run with ${difference}`,
      remedy: 'Choose another folder with --out, or give the same settings.',
    })
  }
  if (!resume) {
    throw new SimclrError({
      parameter: `run folder ${path}`,
      expected: 'empty',
      received: 'a run',
      remedy: 'Continue it with --resume, or choose another folder with --out.',
    })
  }
}

/** Whether a run got as far as its first checkpoint; before that there is nothing to lose. */
async function hasCheckpoint(path: string): Promise<boolean> {
  const names = await readdir(join(path, 'checkpoints')).catch(() => [])
  return names.length > 0
}

/** The configuration of the run in a folder, or undefined if there is none. @throws SimclrError if it is damaged. */
export async function readRunConfig(path: string): Promise<Config | undefined> {
  const file = join(path, 'config.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw explainWriteError(`run folder ${path}`, error)
  })
  if (text === undefined) return undefined
  try {
    return resolveConfig(JSON.parse(text))
  } catch (cause) {
    throw new SimclrError({
      parameter: file,
      expected: 'the configuration of a run',
      received: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Choose another folder with --out.',
      cause,
    })
  }
}
