import { expect, test } from 'vitest'
import { fakeMachine } from './__fixtures__/fake-machine.ts'
import { formatEngines, listEngines } from './index.ts'

test('engines come in the order of preference, with what makes a missing one available', async () => {
  const machine = fakeMachine({ withPython: false })
  const engines = await listEngines(machine.environment)
  expect(engines.map(({ name }) => name).slice(0, 1)).toEqual(['libtorch'])
  const available = (name: string) => engines.find((engine) => engine.name === name)?.available
  expect([available('libtorch'), available('wasm'), available('cpu')]).toEqual([false, true, true])
  expect(engines[0]).toMatchObject({ version: undefined, command: 'simclr engine install libtorch' })
  expect(engines[0]?.detail).toContain(machine.environment.SIMCLR_HOME)
  const text = formatEngines(engines)
  expect(text).toMatch(/^libtorch +not available$/m)
  expect(text).toMatch(/^wasm +available, 4\./m)
  expect(text).toContain('get it: simclr engine install libtorch')
})

test('an installed libtorch is listed with its version and folder', async () => {
  const machine = fakeMachine()
  const folder = machine.addTorch('home/libtorch', '2.15.0+cpu')
  const [libtorch] = await listEngines(machine.environment)
  expect(libtorch).toMatchObject({ available: true, version: '2.15.0+cpu', command: undefined })
  expect(libtorch?.detail).toContain(folder)
  expect(formatEngines([libtorch!])).toMatch(/--device cpu, (cuda|mps); --precision float32, tf32, bf16/)
})
