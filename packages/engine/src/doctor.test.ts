import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeMachine } from './__fixtures__/fake-machine.ts'
import { doctor, type Engine, formatDoctor } from './index.ts'

test('a machine with libtorch: auto takes it', async () => {
  const machine = fakeMachine()
  const folder = machine.addTorch('home/libtorch', '2.15.0')
  const diagnosis = await doctor({ environment: machine.environment, verify: async () => {} })
  expect(diagnosis.choice).toEqual({ name: 'libtorch', reason: `found in ${folder} (installed by simclr)` })
  expect(diagnosis.python).toEqual({
    command: join(machine.environment.PATH!, 'python3'),
    version: '3.11.7',
    pip: '24.0',
  })
  expect(diagnosis.threads).toBeGreaterThanOrEqual(1)
  expect(diagnosis.engines.find(({ name }) => name === 'wasm')).toMatchObject({
    available: true,
    failure: undefined,
  })
  const text = formatDoctor(diagnosis)
  expect(text).toContain('3.11.7, pip 24.0')
  expect(text).toMatch(new RegExp(`^auto takes +libtorch: found in ${folder}`, 'm'))
  expect(text).not.toContain('engine install libtorch')
})

test('a machine whose libtorch does not load: auto takes wasm and the reason is told', async () => {
  const machine = fakeMachine()
  machine.addTorch('home/libtorch', '2.15.0')
  const verify = async ({ name }: Engine) => {
    if (name === 'libtorch') throw new Error('illegal instruction')
  }
  const diagnosis = await doctor({ environment: machine.environment, verify })
  expect(diagnosis.choice).toEqual({
    name: 'wasm',
    reason: expect.stringContaining('libtorch does not work: illegal instruction'),
  })
  expect(formatDoctor(diagnosis)).toContain('2.15.0, does not work: illegal instruction')
})

test('a machine without Python: the text ends with the command that gets the fast engine', async () => {
  const machine = fakeMachine({ withPython: false })
  const diagnosis = await doctor({ environment: machine.environment })
  expect(diagnosis.python).toBeUndefined()
  expect(diagnosis.choice.name).toBe('wasm')
  const text = formatDoctor(diagnosis)
  expect(text).toMatch(/^python +none$/m)
  expect(text.split('\n').at(-1)).toContain('simclr engine install libtorch')
})
