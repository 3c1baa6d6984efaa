import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { libtorchHome, simclrHome } from './index.ts'

test('SIMCLR_HOME wins over the cache folder', () => {
  expect(simclrHome({ SIMCLR_HOME: '/data/simclr', XDG_CACHE_HOME: '/cache' })).toBe('/data/simclr')
  expect(libtorchHome({ SIMCLR_HOME: '/data/simclr' })).toBe(join('/data/simclr', 'libtorch'))
})

test.runIf(process.platform === 'linux')('on Linux the cache folder is XDG_CACHE_HOME, else ~/.cache', () => {
  expect(simclrHome({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/simclr')
  expect(simclrHome({})).toBe(join(homedir(), '.cache', 'simclr'))
  expect(simclrHome({ SIMCLR_HOME: '', XDG_CACHE_HOME: '' })).toBe(join(homedir(), '.cache', 'simclr'))
})
