/** A run's folder: `config.json`, `images.json`, `metrics.jsonl`, `checkpoints/`, and reports beside them. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SimclrError } from '@simclr/core'
import writeFileAtomic from 'write-file-atomic'
import { type Config, configDifference, type PartialConfig, resolveConfig } from '../config.ts'
import type { ImageIdentity } from './image-identity.ts'
import { explainWriteError } from './write-error.ts'

/**
 * Makes a new run folder, or enters an old one to resume it.
 *
 * @param path Created with its parents if missing.
 * @param images What the run is trained on: a resumed run must find the same images.
 * @throws SimclrError if the folder holds a run and `resume` is false, if it holds a run with another configuration
 * or of other images, or if it cannot be written. An existing run is never changed by this.
 */
export async function enterRunFolder(
  path: string,
  config: Config,
  { images, resume }: { images: ImageIdentity; resume: boolean },
): Promise<void> {
  const stored = (await hasCheckpoint(path)) ? await readRunConfig(path) : undefined
  if (stored === undefined) {
    try {
      await mkdir(path, { recursive: true })
      for (const [name, content] of Object.entries({ config, images })) {
        await writeFileAtomic(join(path, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`)
      }
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
  await checkImages(path, images)
}

/** @throws SimclrError unless the run in a folder was begun with these images. */
async function checkImages(path: string, images: ImageIdentity): Promise<void> {
  const file = join(path, 'images.json')
  const begun = await readJson<ImageIdentity>(file)
  if (begun === undefined || begun.sha256 === images.sha256) return
  const other = begun.count === images.count ? `${images.count} with other labels` : `${images.count}`
  throw new SimclrError({
    parameter: `run folder ${path}`,
    expected: `resumed with the ${begun.count} training images that it was begun with`,
    received: other,
    remedy: 'Restore the dataset as it was, or choose another folder with --out.',
  })
}

/** Whether a run got as far as its first checkpoint; before that there is nothing to lose. */
async function hasCheckpoint(path: string): Promise<boolean> {
  const names = await readdir(join(path, 'checkpoints')).catch(() => [])
  return names.length > 0
}

/** The configuration of the run in a folder, or undefined if there is none. @throws SimclrError if it is damaged. */
export async function readRunConfig(path: string): Promise<Config | undefined> {
  return readJson(join(path, 'config.json'), (value) => resolveConfig(value as PartialConfig))
}

/** @returns undefined if there is no such file. @throws SimclrError if it cannot be read or understood. */
async function readJson<T>(file: string, parse = (value: unknown): T => value as T): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw explainWriteError(`run folder ${dirname(file)}`, error)
  })
  if (text === undefined) return undefined
  try {
    return parse(JSON.parse(text))
  } catch (cause) {
    throw new SimclrError({
      parameter: file,
      expected: 'as a run has written it',
      received: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Choose another folder with --out.',
      cause,
    })
  }
}
