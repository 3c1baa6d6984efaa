/** Files that PyTorch and TensorFlow wrote, read array by array. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pythonWith, runPython } from '@simclr/tools/testing'
import { afterAll, expect, test } from 'vitest'
import { bytesSource } from '../files/bytes-source.ts'
import { objectGraphNames } from '../files/object-graph-names.ts'
import { openSafetensors } from '../files/open-safetensors.ts'
import { openTensorflowCheckpoint } from '../files/open-tensorflow-checkpoint.ts'
import { encodeSafetensors } from '../files/safetensors.ts'
import { safetensorsParts } from '../files/safetensors-parts.ts'
import { openWeights } from './open-weights.ts'

const folder = mkdtempSync(join(tmpdir(), 'simclr-weights-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SAVE_TORCH = `
import sys, torch
f = sys.argv[1]
base = torch.arange(6, dtype=torch.float32).reshape(2, 3)
torch.save({'state_dict': {'a': base, 't': base.t(), 'half': torch.tensor([1.5, -0.0, 6e-8], dtype=torch.float16),
  'brain': torch.tensor([1.5, -2.0], dtype=torch.bfloat16), 'step': torch.tensor(7)}, 'epoch': 3, 'name': 'x',
  'model': torch.nn.BatchNorm1d(2).state_dict(), 'p': torch.nn.Parameter(base[1])}, f + '/plain.pt')
torch.save(torch.nn.Linear(2, 2), f + '/module.pt')
torch.save({'a': base}, f + '/legacy.pt', _use_new_zipfile_serialization=False)
torch.jit.script(torch.nn.Linear(2, 2)).save(f + '/script.pt')
`

const SAVE_TENSORFLOW = `
import sys, tensorflow as tf
f = sys.argv[1]
v = tf.Variable([[1., 2.], [3., 4.]], name='conv2d/kernel')
h = tf.Variable(tf.constant([1.5, -2.], tf.bfloat16), name='h')
tf.train.Checkpoint(kernel=v, half=h, step=tf.Variable(5, dtype=tf.int64)).write(f + '/model.ckpt')
`

test('a file of torch.save: nested, transposed, 16 bits, shared storage', async ({ skip }) => {
  const python = pythonWith('torch')
  if (python === undefined) return skip('no Python with torch')
  runPython(python, SAVE_TORCH, [folder])
  const file = await openWeights(join(folder, 'plain.pt'))
  expect([...file.arrays.keys()]).toContain('model.running_mean')
  expect(await file.read('state_dict.a')).toEqual({
    dtype: 'F32',
    shape: [2, 3],
    values: Float32Array.of(0, 1, 2, 3, 4, 5),
  })
  expect((await file.read('state_dict.t')).values).toEqual(Float32Array.of(0, 3, 1, 4, 2, 5))
  expect((await file.read('state_dict.half')).values).toEqual(Float32Array.of(1.5, -0, 2 ** -24))
  expect((await file.read('state_dict.brain')).values).toEqual(Float32Array.of(1.5, -2))
  expect((await file.read('state_dict.step')).values).toEqual(BigInt64Array.of(7n))
  expect((await file.read('p')).values).toEqual(Float32Array.of(3, 4, 5))
  await expect(file.read('state_dict.b')).rejects.toThrow(/name of one of the/)
  await file.close()
  await expect(openWeights(join(folder, 'module.pt'))).rejects.toThrow(/would run .*Linear.*state_dict/)
  await expect(openWeights(join(folder, 'legacy.pt'))).rejects.toThrow(/before 1\.6/)
  await expect(openWeights(join(folder, 'script.pt'))).rejects.toThrow(/TorchScript/)
}, 60_000)

test('a checkpoint of TensorFlow, by its prefix', async ({ skip }) => {
  const python = pythonWith('tensorflow')
  if (python === undefined) return skip('no Python with tensorflow')
  runPython(python, SAVE_TENSORFLOW, [folder])
  const prefix = join(folder, 'model.ckpt')
  const file = await openWeights(prefix)
  const kernel = 'kernel/.ATTRIBUTES/VARIABLE_VALUE'
  expect((await file.read('conv2d/kernel')).values).toEqual(Float32Array.of(1, 2, 3, 4))
  expect((await file.read('half/.ATTRIBUTES/VARIABLE_VALUE')).values).toEqual(Float32Array.of(1.5, -2))
  expect((await file.read('step/.ATTRIBUTES/VARIABLE_VALUE')).values).toEqual(BigInt64Array.of(5n))
  await file.close()
  const data = bytesSource('data', readFileSync(`${prefix}.data-00000-of-00001`))
  const index = readFileSync(`${prefix}.index`)
  const checkpoint = await openTensorflowCheckpoint(bytesSource('index', index), () => data)
  const graph = await checkpoint.readObjectGraph()
  expect(objectGraphNames(graph!).get(kernel)).toBe('conv2d/kernel')
}, 60_000)

test('safetensors', async () => {
  const arrays = new Map([
    ['a', { dtype: 'F32' as const, shape: [2], values: Float32Array.of(1, 2) }],
    ['b', { dtype: 'I64' as const, shape: [1], values: BigInt64Array.of(-3n) }],
  ])
  const bytes = encodeSafetensors(arrays, { metadata: new Map([['format', 'pt']]) })
  const file = await openSafetensors(bytesSource('file', bytes))
  expect(file.metadata).toEqual(new Map([['format', 'pt']]))
  for (const [name, array] of arrays) expect(await file.read(name)).toEqual(array)
  const parts: Uint8Array[] = []
  for await (const part of safetensorsParts(file, { metadata: file.metadata })) parts.push(part)
  expect(new Uint8Array(Buffer.concat(parts))).toEqual(bytes)
})
