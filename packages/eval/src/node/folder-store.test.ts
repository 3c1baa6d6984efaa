import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folderStore } from './folder-store.ts'

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'folder-store-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'made', 'when needed')
}

test('a later process finds what was stored, bit by bit', async () => {
  const folder = await newFolder()
  const results = {
    first: { score: 1 / 3, losses: [2, Number.NaN, Number.POSITIVE_INFINITY], diverged: true },
    second: {
      scores: Float32Array.of(0.1, -0, Number.NaN).subarray(0, 2),
      labels: Int8Array.of(1, -1, 0),
      predictions: Int32Array.of(7, -1),
    },
  }
  expect(await folderStore(folder).get('first')).toBeUndefined()
  await folderStore(folder).set('first', results.first)
  await folderStore(folder).set('second', results.second)
  await folderStore(folder).set('second', results.second)
  expect(await folderStore(folder).get('first')).toEqual(results.first)
  expect(await folderStore(folder).get('second')).toEqual(results.second)
  expect(await folderStore(folder).get('third')).toBeUndefined()
  expect(await readdir(folder)).toHaveLength(2)
})

test('a damaged file is named', async () => {
  const folder = await newFolder()
  await folderStore(folder).set('key', { score: 1 })
  const [file] = await readdir(folder)
  await writeFile(join(folder, file!), '{"key": "key", "res')
  await expect(folderStore(folder).get('key')).rejects.toThrow(
    `folderStore: ${join(folder, file!)}: must be a stored run, got a damaged file. Delete it`,
  )
})
