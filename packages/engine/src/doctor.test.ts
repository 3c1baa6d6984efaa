import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeMachine } from './__fixtures__/fake-machine.ts'
import { doctor, type Engine, formatDoctor } from './index.ts'

test('a machine with libtorch: auto takes it', async () => {
  const machine = fakeMachine()
  machine.addTorch('home/libtorch', '2.15.0')
  const diagnosis = await doctor({ environment: machine.environment, verify: async () => {} })
  expect(diagnosis.choice).toBe('libtorch')
  expect(diagnosis.python).toEqual({
    command: join(machine.environment.PATH!, 'python3'),
    version: '3.11.7',
    pip: '24.0',
  })
  expect(diagnosis.threads).toBeGreaterThanOrEqual(1)
  expect(diagnosis.engineThreads).toBe(diagnosis.threads)
  expect(diagnosis.engines.find(({ name }) => name === 'wasm')).toMatchObject({
    available: true,
    failure: undefined,
  })
  const text = formatDoctor(diagnosis)
  expect(text).toContain('3.11.7, pip 24.0')
  expect(text).toMatch(/^gpu +none that nvidia-smi lists$/m)
  expect(text).toMatch(/^auto takes +libtorch$/m)
  expect(text).not.toContain('engine install libtorch')
})

test('a machine whose libtorch does not load: auto takes wasm and the reason is told', async () => {
  const machine = fakeMachine()
  machine.addTorch('home/libtorch', '2.15.0')
  const verify = async ({ name }: Engine) => {
    if (name === 'libtorch') throw new Error('illegal instruction')
  }
  const diagnosis = await doctor({ environment: machine.environment, verify })
  expect(diagnosis.choice).toBe('wasm')
  const text = formatDoctor(diagnosis)
  expect(text).toContain('2.15.0, does not work: illegal instruction')
  expect(text).toMatch(/^auto takes +wasm, which is slow for training$/m)
})

test('a machine without Python: the text says that installing takes one, and the command', async () => {
  const machine = fakeMachine({ withPython: false })
  const diagnosis = await doctor({ environment: machine.environment })
  expect(diagnosis.python).toBeUndefined()
  expect(diagnosis.choice).toBe('wasm')
  const text = formatDoctor(diagnosis)
  expect(text).toMatch(/^python +none: installing an engine takes Python 3 with pip$/m)
  expect(text).toMatch(/^ +get it: simclr engine install libtorch$/m)
})

test.for([
  ['2.15.0', 'no libtorch for it; get one: simclr engine install libtorch --device cuda'],
  ['2.15.0+cu132', 'libtorch is there for it: --device cuda'],
] as const)('a machine with an NVIDIA GPU and libtorch %s: %s', async ([version, advice], { skip }) => {
  if (process.platform === 'darwin') skip('PyTorch has no CUDA build for macOS')
  const machine = fakeMachine()
  machine.addGpu()
  machine.addTorch('home/libtorch', version)
  const diagnosis = await doctor({ environment: machine.environment, verify: async () => {} })
  expect(diagnosis.gpus).toEqual([
    { name: 'NVIDIA H100 80GB HBM3', driver: '570.86.15', memory: '81559 MiB' },
  ])
  const lines = formatDoctor(diagnosis).split('\n')
  const gpu = lines.findIndex((line) =>
    /^gpu +NVIDIA H100 80GB HBM3, 81559 MiB, driver 570.86.15$/.test(line),
  )
  expect(lines[gpu + 1]?.trim()).toBe(advice)
})

test('the limit that OMP_NUM_THREADS sets is told', async () => {
  const environment = { ...fakeMachine().environment, OMP_NUM_THREADS: '999' }
  const diagnosis = await doctor({ environment, verify: async () => {} })
  expect(diagnosis.engineThreads).toBe(999)
  expect(formatDoctor(diagnosis)).toContain('engines take 999, as OMP_NUM_THREADS says')
})

test('facts stand below each other, and no line repeats another', async () => {
  const machine = fakeMachine()
  const text = formatDoctor(await doctor({ environment: machine.environment, verify: async () => {} }))
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('In a clone'))
  for (const line of lines) expect(line).toMatch(/^.{15} \S/)
  expect(new Set(lines.map((line) => line.trim())).size).toBe(lines.length)
})
