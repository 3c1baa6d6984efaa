import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeUnfinished, writeFolder } from './write-folder.ts'
import { writeWholeFile } from './write-whole-file.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'simclr-core-'))
})
afterEach(() => rmSync(root, { recursive: true }))

test('writes contents at once and in parts, one file after the other, and replaces a folder', async () => {
  const path = join(root, 'a')
  const order: string[] = []
  async function* parts(name: string): AsyncGenerator<string> {
    for (const part of ['x', 'y', 'z']) {
      order.push(name + part)
      yield part
    }
  }
  await writeFolder(path, new Map([['old', 'gone']]))
  await writeFolder(
    path,
    new Map<string, string | Uint8Array | AsyncIterable<string>>([
      ['first', parts('1')],
      ['second', parts('2')],
      ['third', Uint8Array.of(1, 2)],
    ]),
  )
  expect(readdirSync(path)).toEqual(['first', 'second', 'third'])
  expect(readFileSync(join(path, 'first'), 'utf8')).toBe('xyz')
  expect(order).toEqual(['1x', '1y', '1z', '2x', '2y', '2z'])
})

test('leaves the old folder, and nothing else, if a part fails', async () => {
  const path = join(root, 'a')
  await writeFolder(path, new Map([['file', 'kept']]))
  async function* failing(): AsyncGenerator<string> {
    yield 'half'
    throw new Error('no more')
  }
  await expect(writeFolder(path, new Map([['file', failing()]]))).rejects.toThrow('no more')
  expect(readdirSync(root)).toEqual(['a'])
  expect(readFileSync(join(path, 'file'), 'utf8')).toBe('kept')
  await writeFolder(join(root, '.writing-1-1'), new Map([['file', '']]))
  await removeUnfinished(root)
  expect(readdirSync(root)).toEqual(['a'])
})

test('a file appears whole or not at all', async () => {
  const path = join(root, 'a')
  await writeWholeFile(path, async (file) => void (await file.write('whole')))
  const half = writeWholeFile(path, async (file) => {
    await file.write('half')
    throw new Error('no more')
  })
  await expect(half).rejects.toThrow('no more')
  expect(readdirSync(root)).toEqual(['a'])
  expect(readFileSync(path, 'utf8')).toBe('whole')
})
