/** Loading, refusals, errors of kernels, and handles over many calls. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { testingLibrary } from './__fixtures__/testing-library.ts'
import { inspectLibtorch } from './inspect-libtorch.ts'
import { LibtorchBackend } from './libtorch-backend.ts'
import { LibtorchError } from './libtorch-error.ts'
import { liveHandles, registerLibtorch } from './register-libtorch.ts'

const library = testingLibrary()

/** A folder that looks like an installed torch of a version, with files of the given sizes. */
function fakeInstallation(version: string, files: Record<string, number>, record = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'fake-torch-'))
  mkdirSync(join(folder, 'torch', 'lib'), { recursive: true })
  mkdirSync(join(folder, `torch-${version}.dist-info`))
  writeFileSync(
    join(folder, 'torch', 'version.py'),
    `__version__ = '${version}'\ncuda: Optional[str] = None\n`,
  )
  writeFileSync(join(folder, `torch-${version}.dist-info`, 'RECORD'), record)
  for (const [name, size] of Object.entries(files))
    writeFileSync(join(folder, 'torch', 'lib', name), Buffer.alloc(size))
  return folder
}

describe('inspectLibtorch', () => {
  it('says that a folder holds no torch', () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-torch-'))
    expect(inspectLibtorch(folder)).toMatchObject({
      version: undefined,
      problems: [`There is no torch in ${folder}.`],
    })
    expect(() => registerLibtorch({ library: folder })).toThrow(LibtorchError)
  })

  it.runIf(process.platform === 'linux')('finds old versions, missing files and cut-off files', () => {
    const old = fakeInstallation('2.9.1', { 'libc10.so': 3, 'libtorch_cpu.so': 3 })
    expect(inspectLibtorch(old).problems).toEqual(['PyTorch 2.9.1 is too old: at least 2.10 is needed.'])
    const record = 'torch/lib/libc10.so,sha256=x,3\ntorch/lib/libtorch_cpu.so,sha256=x,10\n'
    const cut = fakeInstallation('2.12.0', { 'libtorch_cpu.so': 9 }, record)
    expect(inspectLibtorch(cut)).toMatchObject({ version: '2.12.0' })
    expect(inspectLibtorch(cut).problems).toEqual([
      `${join(cut, 'torch/lib/libc10.so')} is missing.`,
      `${join(cut, 'torch/lib/libtorch_cpu.so')} has 9 bytes instead of 10: install PyTorch again.`,
    ])
  })
})

describe.skipIf(library === undefined)('registerLibtorch', () => {
  beforeAll(async () => {
    registerLibtorch({ library: library! })
    await tf.setBackend('libtorch')
  })

  it('does nothing for the same library and refuses another one', () => {
    registerLibtorch({ library: library! })
    expect(() => registerLibtorch({ library: tmpdir() })).toThrow('is loaded from')
  })

  it('refuses thread counts that are no positive integers', () => {
    expect(() => registerLibtorch({ library: library!, threads: 0 })).toThrow(
      'threads must be a positive integer, got 0',
    )
  })

  it.each([
    [{ device: 'gpu' }, 'device must be cpu, cuda, cuda:NUMBER or mps, got gpu'],
    [{ device: 'cpu:1' }, 'device must be cpu, cuda, cuda:NUMBER or mps, got cpu:1'],
    [{ precision: 'fp16' }, 'precision must be one of float32, tf32, bf16, got fp16'],
    [{ device: 'cuda' }, 'computes on cpu in float32 already: a process cannot change that'],
    [{ precision: 'bf16' }, 'computes on cpu in float32 already: a process cannot change that'],
  ])('refuses %o', (options, message) => {
    expect(() => registerLibtorch({ library: library!, ...(options as object) })).toThrow(message)
  })

  it('refuses CUDA without a GPU, and the process goes on', async () => {
    const { result, failure } = await inWorker(library!, 'cuda')
    expect(result).toBeUndefined()
    expect(failure).toMatch(
      /holds only the part of PyTorch|build without CUDA|The device cuda cannot be used/,
    )
  })

  it('names the kernel, its inputs and the reason of libtorch', () => {
    const run = () =>
      tf
        .engine()
        .runKernel('GatherNd', { params: tf.zeros([2]), indices: tf.tensor2d([[5]], [1, 1], 'int32') })
    expect(run).toThrow('GatherNd(params float32[2], indices int32[1,1]): libtorch refused index_select')
    expect(() =>
      tf.engine().runKernel('BatchMatMul', { a: tf.zeros([2, 3]), b: tf.zeros([4, 5]) }, {}),
    ).toThrow(
      'BatchMatMul(a float32[2,3], b float32[4,5]): The inner sizes 3 and 4 of a matrix product differ',
    )
  })

  it('refuses complex numbers and strings in kernels that cannot compute with them', () => {
    expect(() => tf.relu(tf.complex([1], [2]))).toThrow(
      'Relu(x complex64[1]): This kernel cannot compute with complex numbers.',
    )
    expect(() => tf.engine().runKernel('Neg', { x: tf.tensor(['a']) })).toThrow(
      'Neg(x string[1]): This kernel cannot compute with strings.',
    )
  })

  it('frees what is alive when a backend is disposed', () => {
    const { torch } = tf.backend() as LibtorchBackend
    const before = liveHandles()
    const other = new LibtorchBackend(torch, 'float32', undefined)
    const first = other.write(new Float32Array(2), [2], 'float32')
    other.write(new Int32Array(3), [3], 'int32')
    expect(liveHandles()).toBe(before + 2)
    other.dispose()
    expect(liveHandles()).toBe(before)
    other.disposeData(first)
    expect(liveHandles()).toBe(before)
  })

  it('refuses a wrong number of values instead of reading beyond them', () => {
    expect(() => tf.backend().write(new Float32Array(3), [2, 2], 'float32')).toThrow('needs 4 values, got 3')
  })

  it('moves values in and out for every type, empty tensors included', () => {
    expect(tf.tensor1d([1.5, -2]).dataSync()).toEqual(new Float32Array([1.5, -2]))
    expect(tf.tensor1d([1, -2], 'int32').dataSync()).toEqual(new Int32Array([1, -2]))
    expect(tf.tensor1d([true, false], 'bool').dataSync()).toEqual(new Uint8Array([1, 0]))
    expect(tf.zeros([0, 3]).dataSync()).toEqual(new Float32Array())
    expect(tf.add(tf.zeros([0, 3]), 1).shape).toEqual([0, 3])
  })

  it('keeps NaN and infinities', () => {
    const x = tf.tensor1d([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1])
    expect(tf.isNaN(x)).toBeAllClose([1, 0, 0, 0, 0])
    expect(tf.isInf(x)).toBeAllClose([0, 1, 1, 0, 0])
    expect(tf.isFinite(x)).toBeAllClose([0, 0, 0, 1, 1])
    expect(Array.from(tf.maximum(x, 0).dataSync())).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, 0, 1])
    expect(Array.from(tf.step(x, 0.5).dataSync())).toEqual([Number.NaN, 1, 0.5, 0.5, 1])
    expect(Array.from(tf.max(x).dataSync())).toEqual([Number.NaN])
  })

  it('owns the same number of handles after many calls, failures included', () => {
    const x = tf.randomNormal<tf.Rank.R4>([1, 6, 6, 2])
    const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 2, 2])
    const loss = (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
      tf.mean(tf.relu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same')))
    const step = () => tf.dispose(tf.grads(loss as never)([x, filter]))
    const fail = () =>
      expect(() => tf.tidy(() => tf.gather(x, tf.tensor1d([7], 'int32')))).toThrow(LibtorchError)
    step()
    const handles = liveHandles()
    for (let i = 0; i < 200; i++) step()
    for (let i = 0; i < 5; i++) fail()
    expect(liveHandles()).toBe(handles)
  })

  it('works in a worker thread, after one import', async () => {
    const { result, failure } = await inWorker(library!)
    expect(failure).toBeUndefined()
    expect(result).toEqual([3, 6, 3, 6, 12, 6, 3, 6, 3])
  })

  it('says what to do where the one import finds no PyTorch', async () => {
    const { failure } = await inWorker('/nowhere')
    expect(failure).toContain('There is no torch in /nowhere')
  })
})

/** The gradient of a convolution, computed by the built package in a thread of its own. */
async function inWorker(library: string, device?: string): Promise<{ result?: number[]; failure?: string }> {
  const code = `
    const { workerData, parentPort } = require('node:worker_threads')
    process.env.SIMCLR_LIBTORCH = workerData.library
    const main = async () => {
      const tf = await import(workerData.core)
      if (workerData.device === undefined) await import(workerData.register)
      else (await import(workerData.index)).registerLibtorch(workerData)
      await tf.setBackend('libtorch')
      const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
      const info = { strides: 1, pad: 'valid', dataFormat: 'NHWC', inputShape: [1, 3, 3, 1] }
      const inputs = { dy: tf.ones([1, 2, 2, 3]), filter: tf.ones([2, 2, 1, 3]) }
      return [...tf.engine().runKernel('Conv2DBackpropInput', inputs, info).dataSync()]
    }
    main().then(
      (result) => parentPort.postMessage({ result }),
      (error) => parentPort.postMessage({ failure: error.message }),
    )`
  const worker = new Worker(code, {
    eval: true,
    workerData: {
      library,
      device,
      index: new URL('../dist/index.js', import.meta.url).href,
      core: import.meta.resolve('@tensorflow/tfjs-core'),
      register: new URL('../dist/register.js', import.meta.url).href,
    },
  })
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
  } finally {
    await worker.terminate()
  }
}
