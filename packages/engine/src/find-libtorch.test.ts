import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fakeMachine } from './__fixtures__/fake-machine.ts'
import { findLibtorch } from './index.ts'

test('the order is SIMCLR_LIBTORCH, the installed one, the one of python3', async () => {
  const machine = fakeMachine()
  const chosen = machine.addTorch('chosen', '2.13.0')
  const installed = machine.addTorch('home/libtorch', '2.14.0')
  const own = machine.addTorch('own', '2.15.0')
  const environment = {
    ...machine.environment,
    SIMCLR_LIBTORCH: chosen,
    FAKE_TORCH: join(own, 'torch', '__init__.py'),
  }
  const inOrder = [
    { folder: chosen, version: '2.13.0', source: '$SIMCLR_LIBTORCH' },
    { folder: installed, version: '2.14.0', source: 'installed by simclr' },
    { folder: own, version: '2.15.0', source: "python3's own PyTorch" },
  ]
  expect((await findLibtorch(environment)).found).toEqual(inOrder[0])
  expect((await findLibtorch({ ...environment, SIMCLR_LIBTORCH: '' })).found).toEqual(inOrder[1])
  const empty = { ...environment, SIMCLR_LIBTORCH: '', SIMCLR_HOME: join(machine.root, 'empty') }
  expect((await findLibtorch(empty)).found).toEqual(inOrder[2])
})

test('a place without a usable one is passed over, and said', async () => {
  const machine = fakeMachine()
  const old = machine.addTorch('old', '2.4.1')
  const installed = machine.addTorch('home/libtorch', '2.15.0+cpu')
  const search = await findLibtorch({ ...machine.environment, SIMCLR_LIBTORCH: old })
  expect(search.found?.folder).toBe(installed)
  expect(search.obstacles).toHaveLength(1)
  expect(search.obstacles[0]).toContain('2.4.1')
})

test('where nothing is, nothing is found and nothing thrown', async () => {
  const machine = fakeMachine({ withPython: false })
  const missing = join(machine.root, 'missing')
  const search = await findLibtorch({ ...machine.environment, SIMCLR_LIBTORCH: missing })
  expect(search.found).toBeUndefined()
  expect(search.obstacles).toHaveLength(2)
  expect(search.obstacles[0]).toContain(missing)
})
