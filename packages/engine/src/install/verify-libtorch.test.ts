import { expect, test } from 'vitest'
import { fakeMachine } from '../__fixtures__/fake-machine.ts'
import { findLibtorch } from '../index.ts'
import { verifyLibtorch } from './verify-libtorch.ts'

const { found } = await findLibtorch()
if (found === undefined)
  console.log('verify-libtorch: no libtorch on this machine, so only the failing case runs')

test.runIf(found)('a whole library computes', async () => {
  await expect(verifyLibtorch(found!.folder)).resolves.toBeUndefined()
})

test('a library that is no library is an error that quotes the loader', async () => {
  const folder = fakeMachine().addTorch('broken', '2.15.0')
  await expect(verifyLibtorch(folder)).rejects.toThrow(
    /able to load and compute.*Cannot load libtorch.*--torch-version/s,
  )
})

test('an aborted check ends with the reason', async () => {
  const folder = fakeMachine().addTorch('broken', '2.15.0')
  await expect(verifyLibtorch(folder, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
