import { addN, conv2d, getBackend, grad, ones, sum, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core'
import { afterEach, expect, test, vi } from 'vitest'
import { fakeMachine } from './__fixtures__/fake-machine.ts'
import { type EngineName, findLibtorch, useEngine } from './index.ts'

afterEach(() => vi.unstubAllEnvs())

/** No libtorch anywhere: neither in the variables nor in the PyTorch of a Python. */
function hideLibtorch(): void {
  const { environment } = fakeMachine({ withPython: false })
  vi.stubEnv('SIMCLR_LIBTORCH', '')
  vi.stubEnv('SIMCLR_HOME', environment.SIMCLR_HOME)
  vi.stubEnv('PATH', environment.PATH)
}

const names: EngineName[] = ['wasm', 'cpu', ...((await findLibtorch()).found ? (['libtorch'] as const) : [])]

test.each(names)('%s starts, states its facts and computes gradients', async (name) => {
  const engine = await useEngine(name)
  expect(engine).toMatchObject({ name, device: 'cpu' })
  expect(engine.version).toMatch(/^\d+\.\d+\.\d+/)
  expect(engine.threads).toBeGreaterThanOrEqual(1)
  expect(engine.reason).not.toBe('')
  expect(getBackend()).toBe(name)
  const gradient = tidy(() =>
    grad((x) => sum(conv2d(x as Tensor4D, ones([2, 2, 1, 3]) as Tensor4D, 1, 'valid')))(
      tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]),
    ).dataSync(),
  )
  expect([...gradient]).toEqual([3, 6, 3, 6, 12, 6, 3, 6, 3])
  const ofSum = tidy(() => grad((x) => addN([x, x]))(tensor([1, 2])).dataSync())
  expect([...ofSum]).toEqual([2, 2])
})

test('auto without libtorch takes wasm, and says in one line that it is slow and what gets the fast one', async () => {
  hideLibtorch()
  const lines: string[] = []
  const engine = await useEngine('auto', { log: (line) => lines.push(line) })
  expect(engine.name).toBe('wasm')
  expect(engine.reason).toContain('no libtorch')
  expect(getBackend()).toBe('wasm')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('slow')
  expect(lines[0]).toContain('simclr engine install libtorch')
  expect(lines[0]).toContain('pnpm simclr engine install libtorch')
})

test('auto with a library that does not load takes wasm, and says why', async () => {
  hideLibtorch()
  vi.stubEnv('SIMCLR_LIBTORCH', fakeMachine().addTorch('broken', '2.15.0'))
  const lines: string[] = []
  const engine = await useEngine('auto', { log: (line) => lines.push(line) })
  expect(engine.name).toBe('wasm')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/libtorch/)
})

test('libtorch by name where it is missing is an error that says where it was looked for', async () => {
  hideLibtorch()
  await expect(useEngine('libtorch')).rejects.toThrow(
    new RegExp(`no torch in ${process.env.SIMCLR_HOME}.*simclr engine install libtorch`),
  )
})

test('an unknown name is an error that offers the nearest', async () => {
  await expect(useEngine('libtorhc' as 'libtorch')).rejects.toThrow(
    /got "libtorhc"\. Did you mean "libtorch"/,
  )
})

test('a number of threads that is none is an error', async () => {
  await expect(useEngine('auto', { threads: 0 })).rejects.toThrow(/whole number of at least 1, got 0/)
})

test('an unknown device or precision is an error that names the choices', async () => {
  await expect(useEngine('auto', { device: 'gpu0' as 'cpu' })).rejects.toThrow(/device: must be one of cpu, /)
  await expect(useEngine('auto', { precision: 'fp16' as 'bf16' })).rejects.toThrow(
    /precision: must be one of float32, tf32, bf16, got "fp16"/,
  )
  await expect(useEngine('wasm', { device: 'cuda' })).rejects.toThrow(
    /device of wasm: must be cpu, got "cuda"/,
  )
})

test('a device that no engine here can use is an error that says why not', async () => {
  hideLibtorch()
  await expect(useEngine('auto', { precision: 'tf32' })).rejects.toThrow(
    /an engine for device cpu and precision tf32, got no libtorch: .*simclr engine doctor/,
  )
})
