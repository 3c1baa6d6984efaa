import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type FakeMachine, fakeMachine } from '../__fixtures__/fake-machine.ts'
import { type InstallTensorflowOptions, installTensorflow, tensorflowHome } from '../index.ts'

const quiet: InstallTensorflowOptions = {
  log: () => {},
  platform: { system: 'linux', architecture: 'x64', glibc: true },
  freeSpace: async () => 10e9,
  verify: async () => {},
}

function install(machine: FakeMachine, options: InstallTensorflowOptions = {}) {
  return installTensorflow({ ...quiet, environment: machine.environment, ...options })
}

/** What is in the home of a machine, installed or left over. */
function homeOf({ environment }: FakeMachine): string[] {
  return existsSync(environment.SIMCLR_HOME!) ? readdirSync(environment.SIMCLR_HOME!) : []
}

describe('a first installation', () => {
  test('has the binding, the libraries and their licences, nothing else, and says so', async () => {
    const machine = fakeMachine({ withCompiler: true })
    const lines: string[] = []
    const installed = await install(machine, { log: (line) => lines.push(line) })
    expect(installed).toMatchObject({ version: '2.21.0', alreadyInstalled: false })
    expect(installed.folder).toBe(tensorflowHome('tensorflow', machine.environment))
    expect(homeOf(machine)).toEqual(['tensorflow'])
    expect(readdirSync(installed.folder).sort()).toEqual([
      'tensorflow',
      'tensorflow_cpu-2.21.0.dist-info',
      'tfjs_binding.node',
    ])
    expect(readdirSync(join(installed.folder, 'tensorflow')).sort()).toEqual([
      'THIRD_PARTY_NOTICES.txt',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ])
    expect(lines.at(-1)).toContain('tensorflow 2.21.0 is installed')
  })

  test("asks pip for TensorFlow alone, then compiles tfjs-node's sources against its headers and libraries", async () => {
    const machine = fakeMachine({ withCompiler: true })
    await install(machine)
    const [pip, compiler] = readFileSync(machine.environment.FAKE_LOG!, 'utf8').trim().split('\n')
    expect(pip).toContain('--no-deps tensorflow-cpu>=2.20,<2.22')
    expect(compiler).toMatch(/tfjs-node\/binding\/tfjs_backend\.cc .*tfjs-node\/binding\/tfjs_binding\.cc/)
    expect(compiler).toMatch(/-I \S*\/tensorflow\/include .*-I \S*\/node-api-headers\/include/)
    expect(compiler).toContain('-l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2')
    expect(compiler).toContain('-Wl,-rpath,$ORIGIN/tensorflow')
  })

  test('takes a version as a number', async () => {
    const machine = fakeMachine({ withCompiler: true })
    await install(machine, { version: '2.20.0' })
    expect(readFileSync(machine.environment.FAKE_LOG!, 'utf8')).toContain(' tensorflow-cpu==2.20.0\n')
  })
})

describe('a later installation', () => {
  test('says that it is already there, even without Python or compiler', async () => {
    const machine = fakeMachine({ withCompiler: true })
    await install(machine)
    const environment = { ...machine.environment, PATH: '' }
    const lines: string[] = []
    const again = await install(machine, { environment, log: (line) => lines.push(line) })
    expect(again.alreadyInstalled).toBe(true)
    expect(lines).toEqual([`tensorflow 2.21.0 is already installed in ${again.folder}`])
  })

  test('repairs one that lost a file, and replaces a whole one only when forced', async () => {
    const machine = fakeMachine({ withCompiler: true })
    const { folder } = await install(machine)
    rmSync(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'))
    expect((await install(machine)).alreadyInstalled).toBe(false)
    expect((await install(machine)).alreadyInstalled).toBe(true)
    expect((await install(machine, { force: true })).alreadyInstalled).toBe(false)
    expect(homeOf(machine)).toEqual(['tensorflow'])
  })

  test('removes what an interrupted one left, but nothing of another engine', async () => {
    const machine = fakeMachine({ withCompiler: true })
    const dead = `tensorflow.installing-${hostname()}-999999999-abcdef`
    const other = `libtorch.installing-${hostname()}-999999999-abcdef`
    for (const name of [dead, other]) {
      mkdirSync(join(machine.environment.SIMCLR_HOME!, name), { recursive: true })
    }
    await install(machine)
    expect(homeOf(machine).sort()).toEqual([other, 'tensorflow'])
  })
})

describe('a failure leaves nothing and says what to do', () => {
  const failures: [
    string,
    { withPython?: boolean; withCompiler?: boolean; variables?: NodeJS.ProcessEnv },
    InstallTensorflowOptions,
    RegExp,
  ][] = [
    ['no compiler', { withCompiler: false }, {}, /C\+\+ compiler .* got none as g\+\+.*apt install g\+\+/],
    ['a named compiler that is missing', { variables: { CXX: 'g++-99' } }, {}, /got none as g\+\+-99/],
    [
      'a compiler that fails',
      { variables: { FAKE_COMPILER: 'error' } },
      {},
      /compile the binding .*'TF_Thing' was not declared.*--tensorflow-version/,
    ],
    ['no Python', { withPython: false }, {}, /Python 3 on the PATH, got none\. .* to download TensorFlow/],
    ['no pip', { variables: { FAKE_PIP: 'none' } }, {}, /engine install tensorflow: python: .* has pip/],
    ['no network', { variables: { FAKE_PIP: 'network' } }, {}, /reach the package index, got no connection/],
    ['too little disk', {}, { freeSpace: async () => 1.2e9 }, /at least 3\.0 GB free .* got 1\.2 GB/],
    [
      'another platform',
      {},
      { platform: { system: 'darwin', architecture: 'arm64', glibc: false } },
      /linux-x64.* got darwin-arm64.*--engine libtorch/,
    ],
    [
      'a library that does not load',
      {},
      { verify: () => Promise.reject(new Error('undefined symbol: x')) },
      /undefined symbol/,
    ],
  ]

  test.each(failures)('%s', async (_, { variables = {}, ...machineOptions }, options, message) => {
    const machine = fakeMachine({ withCompiler: true, ...machineOptions })
    const environment = { ...machine.environment, ...variables }
    await expect(install(machine, { environment, ...options })).rejects.toThrow(message)
    expect(homeOf(machine)).toEqual([])
  })

  test('files that are no library', async () => {
    const machine = fakeMachine({ withCompiler: true })
    const { verify, ...options } = quiet
    const run = installTensorflow({ ...options, environment: machine.environment })
    await expect(run).rejects.toThrow(/able to load and compute.*tfjs_binding\.node/)
    expect(homeOf(machine)).toEqual([])
  })

  test('an interruption ends the compiler', async () => {
    const machine = fakeMachine({ withCompiler: true })
    const controller = new AbortController()
    const log = (line: string) => {
      if (line.includes('compiling'))
        setTimeout(() => controller.abort(new Error('stopped by the user')), 200)
    }
    const environment = { ...machine.environment, FAKE_COMPILER: 'slow' }
    const run = install(machine, { environment, log, signal: controller.signal })
    await expect(run).rejects.toThrow('stopped by the user')
    expect(homeOf(machine)).toEqual([])
  })
})
