import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { afterAll, describe, expect, it } from 'vitest'
import { findCudaRuntime, findNccl } from './find-nccl.ts'

const root = mkdtempSync(join(tmpdir(), 'simclr-find-nccl-'))
afterAll(() => rmSync(root, { recursive: true }))

function file(...names: string[]): string {
  const path = join(root, ...names)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, '')
  return path
}

function systemHas(name: string): boolean {
  try {
    koffi.load(name)
    return true
  } catch {
    return false
  }
}

describe('findNccl', () => {
  const packaged = file('pip', 'nvidia', 'nccl', 'lib', 'libnccl.so.2')

  it('takes the named file before that of the folder', () => {
    const named = file('own', 'libnccl.so.2.30')
    expect(findNccl({ path: named, libraryFolder: join(root, 'pip') })).toBe(named)
    expect(findNccl({ libraryFolder: join(root, 'pip') })).toBe(packaged)
  })

  it('does not replace a named file that is missing', () => {
    expect(() => findNccl({ path: '/no/libnccl.so', libraryFolder: join(root, 'pip') })).toThrow(
      'NCCL: must be installed, as a shared library, got no file /no/libnccl.so. Install it into the folder that holds torch/',
    )
  })

  it('names all that it tried', ({ skip }) => {
    skip(systemHas('libnccl.so.2'), 'the system has NCCL')
    const folder = join(root, 'empty')
    expect(() => findNccl({ libraryFolder: folder })).toThrow(
      `got no file ${join(folder, 'nvidia/nccl/lib/libnccl.so.2')}, and no libnccl.so.2 on the system's loader path.`,
    )
    expect(() => findNccl()).toThrow("got no libnccl.so.2 on the system's loader path.")
  })
})

describe('findCudaRuntime', () => {
  it('finds the one of pip, in the folder of any CUDA version', () => {
    const path = file('cuda', 'nvidia', 'cu13', 'lib', 'libcudart.so.13')
    file('cuda', 'nvidia', 'empty')
    expect(findCudaRuntime(join(root, 'cuda'))).toBe(path)
  })

  it('returns undefined where there is none', ({ skip }) => {
    const names = ['libcudart.so.13', 'libcudart.so.12', 'libcudart.so']
    skip(names.some(systemHas), 'the engine or the system has loaded one')
    expect(findCudaRuntime(join(root, 'none'))).toBeUndefined()
    expect(findCudaRuntime()).toBeUndefined()
  })
})
