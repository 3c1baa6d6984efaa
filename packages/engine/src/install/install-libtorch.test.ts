import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type FakeMachine, fakeMachine } from '../__fixtures__/fake-machine.ts'
import { type InstallLibtorchOptions, installLibtorch, libtorchHome } from '../index.ts'

const quiet: InstallLibtorchOptions = {
  log: () => {},
  platform: { system: 'linux', architecture: 'x64', glibc: true },
  freeSpace: async () => 10e9,
  verify: async () => {},
}

function install(machine: FakeMachine, options: InstallLibtorchOptions = {}) {
  return installLibtorch({ ...quiet, environment: machine.environment, ...options })
}

/** What is in the home of a machine, installed or left over. */
function homeOf({ environment }: FakeMachine): string[] {
  return existsSync(environment.SIMCLR_HOME!) ? readdirSync(environment.SIMCLR_HOME!) : []
}

describe('a first installation', () => {
  test('has the CPU libraries and their licences, nothing else, and says so', async () => {
    const machine = fakeMachine()
    const lines: string[] = []
    const installed = await install(machine, { log: (line) => lines.push(line) })
    expect(installed).toMatchObject({ version: '2.15.0+cu132', alreadyInstalled: false })
    expect(homeOf(machine)).toEqual(['libtorch'])
    expect(readdirSync(installed.folder).sort()).toEqual(['nvidia', 'torch', 'torch-2.15.0.dist-info'])
    expect(readdirSync(join(installed.folder, 'torch')).sort()).toEqual(['lib', 'version.py'])
    const libraries = readdirSync(join(installed.folder, 'torch', 'lib')).filter((name) =>
      name.endsWith('.so'),
    )
    expect(libraries.sort()).toEqual(['libc10.so', 'libgomp.so', 'libtorch_cpu.so'])
    const cuda = readdirSync(join(installed.folder, 'nvidia', 'cu13', 'lib'))
    expect(cuda.sort()).toEqual(['libcudart.so.13', 'libcupti.so.13'])
    expect(lines.at(-1)).toContain('2.15.0+cu132 is installed')
  })

  test('asks pip for the tried versions of torch alone, then for the CUDA libraries that its metadata names', async () => {
    const machine = fakeMachine()
    await install(machine)
    const [torch, cuda] = readFileSync(machine.environment.FAKE_LOG!, 'utf8').trim().split('\n')
    expect(torch).toContain('--no-deps torch>=2.10,<2.16')
    expect(cuda).toContain('cuda-toolkit[cudart,cupti]==13.2.2; platform_system == "Linux"')
  })

  test('takes a version as a number', async () => {
    const machine = fakeMachine()
    await install(machine, { version: '2.11.0' })
    expect(readFileSync(machine.environment.FAKE_LOG!, 'utf8')).toContain(' torch==2.11.0\n')
  })
})

describe('a later installation', () => {
  test('says that it is already there and asks pip for nothing, even without Python or space', async () => {
    const machine = fakeMachine()
    await install(machine)
    writeFileSync(machine.environment.FAKE_LOG!, '')
    const lines: string[] = []
    const environment = { ...machine.environment, PATH: '' }
    const again = await install(machine, {
      environment,
      freeSpace: async () => 0,
      log: (line) => lines.push(line),
    })
    expect(again.alreadyInstalled).toBe(true)
    expect(lines).toEqual([
      `libtorch 2.15.0+cu132 is already installed in ${libtorchHome(machine.environment)}`,
    ])
    expect(readFileSync(machine.environment.FAKE_LOG!, 'utf8')).toBe('')
  })

  test('repairs one that lost a file, and replaces a whole one only when forced', async () => {
    const machine = fakeMachine()
    const damaged = machine.addTorch('home/libtorch', '2.4.0')
    expect(await install(machine)).toMatchObject({ folder: damaged, version: '2.15.0+cu132' })
    expect((await install(machine)).alreadyInstalled).toBe(true)
    expect((await install(machine, { force: true })).alreadyInstalled).toBe(false)
    expect(homeOf(machine)).toEqual(['libtorch'])
  })

  test('removes what an interrupted one left, and keeps what a running one uses', async () => {
    const machine = fakeMachine()
    const dead = `libtorch.installing-${hostname()}-999999999-abcdef`
    const running = `libtorch.installing-${hostname()}-${process.pid}-abcdef`
    for (const name of [dead, running]) {
      mkdirSync(join(machine.environment.SIMCLR_HOME!, name), { recursive: true })
    }
    await install(machine)
    expect(homeOf(machine).sort()).toEqual(['libtorch', running])
  })

  test('two at once both end with a usable library', async () => {
    const machine = fakeMachine()
    const both = await Promise.all([install(machine), install(machine)])
    expect(both.map(({ version }) => version)).toEqual(['2.15.0+cu132', '2.15.0+cu132'])
    expect(both.filter(({ alreadyInstalled }) => alreadyInstalled)).toHaveLength(1)
    expect(homeOf(machine)).toEqual(['libtorch'])
  })
})

describe('a failure leaves nothing and says what to do', () => {
  const failures: [
    string,
    { withPython?: boolean; variables?: NodeJS.ProcessEnv },
    InstallLibtorchOptions,
    RegExp,
  ][] = [
    ['no Python', { withPython: false }, {}, /Python 3 on the PATH, got none\. Install Python 3\.10/],
    ['a named Python that is missing', {}, { python: 'python9' }, /got none as "python9"/],
    ['an old Python', { variables: { FAKE_VERSION: '3.8.10' } }, {}, /3\.10 or newer, got 3\.8\.10/],
    ['no pip', { variables: { FAKE_PIP: 'none' } }, {}, /one that has pip, .*-m ensurepip/],
    ['no network', { variables: { FAKE_PIP: 'network' } }, {}, /reach the package index, got no connection/],
    ['an unknown failure of pip', { variables: { FAKE_PIP: 'unknown' } }, {}, /got "ERROR: something new"/],
    ['too little disk', {}, { freeSpace: async () => 1.2e9 }, /at least 3\.0 GB free .* got 1\.2 GB/],
    [
      'an unknown platform',
      {},
      { platform: { system: 'freebsd', architecture: 'x64', glibc: false } },
      /got freebsd-x64.*SIMCLR_LIBTORCH/,
    ],
    [
      'a Linux without glibc',
      {},
      { platform: { system: 'linux', architecture: 'x64', glibc: false } },
      /got linux-x64 with musl/,
    ],
    [
      'a library that does not load',
      {},
      { verify: () => Promise.reject(new Error('undefined symbol: x')) },
      /undefined symbol/,
    ],
  ]

  test.each(failures)('%s', async (_, { variables = {}, ...machineOptions }, options, message) => {
    const machine = fakeMachine(machineOptions)
    const environment = { ...machine.environment, ...variables }
    await expect(install(machine, { environment, ...options })).rejects.toThrow(message)
    expect(homeOf(machine)).toEqual([])
  })

  test('an interruption ends pip', async () => {
    const machine = fakeMachine()
    const controller = new AbortController()
    const lines: string[] = []
    const log = (line: string) => {
      lines.push(line)
      if (line.includes('downloading')) controller.abort(new Error('stopped by the user'))
    }
    const environment = { ...machine.environment, FAKE_PIP: 'slow' }
    const run = install(machine, { environment, log, signal: controller.signal })
    await expect(run).rejects.toThrow('stopped by the user')
    expect(lines.at(-1)).toBe('  downloading torch-2.15.0-cp311-cp311-linux_x86_64.whl (539.1 MB)')
    expect(homeOf(machine)).toEqual([])
    await install(machine)
    expect(homeOf(machine)).toEqual(['libtorch'])
  })
})
