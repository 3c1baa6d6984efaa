/** Finished runs as files, one each. */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import { writeWholeFile } from '@simclr/core/node'
import type { RunStore } from '../run-store.ts'

/** A file: the key in words, for its reader, and what was stored under it. */
interface StoredRun {
  readonly key: string
  readonly result: unknown
}

/**
 * Keeps each result in a JSON file of its own, which is written whole or not at all. Typed arrays, NaN and infinities
 * come back as they were.
 *
 * @param folder Made with the first result; may be shared by sweeps and by processes.
 * @returns A store whose `get` throws a SimclrError if a file cannot be understood.
 * @example
 * await fineTuneSweep({ ...options, store: folderStore('runs/dtd-sweep') })
 */
export function folderStore(folder: string): RunStore {
  const pathOf = (key: string): string =>
    join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`)
  return {
    async get(key) {
      const text = await readIfThere(pathOf(key))
      return text === undefined ? undefined : parse(text, pathOf(key)).result
    },
    async set(key, result) {
      await mkdir(folder, { recursive: true })
      const text = JSON.stringify({ key, result } satisfies StoredRun, encode, 2)
      await writeWholeFile(pathOf(key), (file) => file.writeFile(`${text}\n`))
    },
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string, path: string): StoredRun {
  try {
    return JSON.parse(text, decode) as StoredRun
  } catch (cause) {
    throw new SimclrError({
      parameter: `folderStore: ${path}`,
      expected: 'a stored run',
      received: 'a damaged file',
      remedy: 'Delete it: its run is then repeated.',
      cause,
    })
  }
}

/** The typed arrays that results hold. */
const ARRAYS = { Float32Array, Float64Array, Int32Array, Int8Array } as const

function encode(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) }
  const array = Object.entries(ARRAYS).find(([, type]) => value instanceof type)?.[0]
  if (array === undefined) return value
  const { buffer, byteOffset, byteLength } = value as Float32Array
  return { $array: array, base64: Buffer.from(buffer, byteOffset, byteLength).toString('base64') }
}

function decode(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ('$number' in value) return Number(value.$number)
  if (!('$array' in value && 'base64' in value)) return value
  const bytes = Uint8Array.from(Buffer.from(value.base64 as string, 'base64'))
  return new ARRAYS[value.$array as keyof typeof ARRAYS](bytes.buffer)
}
