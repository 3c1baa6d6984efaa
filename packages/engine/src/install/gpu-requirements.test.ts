import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { gpuRequirements } from './gpu-requirements.ts'

test('the extra and-cuda in the versions of the wheel, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simclr-engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const information = join(folder, 'tensorflow-2.21.0.dist-info')
  mkdirSync(information)
  const lines = [
    'Name: tensorflow',
    'Requires-Dist: numpy>=1.26.0',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
    'Requires-Dist: gcs>=1; extra == "gcs-filesystem"',
  ]
  writeFileSync(join(information, 'METADATA'), lines.join('\n'))
  expect(gpuRequirements(folder)).toEqual([
    'nvidia-cublas-cu12<13.0,>=12.5.3.2',
    'nvidia-cudnn-cu12<10.0,>=9.3.0.75',
  ])
})

test('none without a TensorFlow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simclr-engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  expect(gpuRequirements(folder)).toEqual([])
})
