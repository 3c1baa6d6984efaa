import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cudaRequirements } from './cuda-requirements.ts'

function siteWith(requirements: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'simclr-engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'torch-2.12.0.dist-info'))
  const lines = [
    'Name: torch',
    ...requirements.map((requirement) => `Requires-Dist: ${requirement}`),
    '',
    'Text',
  ]
  writeFileSync(join(folder, 'torch-2.12.0.dist-info', 'METADATA'), lines.join('\n'))
  return folder
}

test('a CUDA 12 wheel names the packages themselves', () => {
  const runtime = 'nvidia-cuda-runtime-cu12==12.8.90; platform_system == "Linux"'
  const cupti = 'nvidia-cuda-cupti-cu12==12.8.90; platform_system == "Linux"'
  const folder = siteWith([
    'filelock',
    'nvidia-cuda-nvrtc-cu12==12.8.93',
    runtime,
    cupti,
    'nvidia-cudnn-cu12==9.10',
  ])
  expect(cudaRequirements(folder)).toEqual([runtime, cupti])
})

test('a CUDA 13 wheel names the toolkit, of which two parts are needed', () => {
  const folder = siteWith([
    'cuda-toolkit[cublas,cudart,cupti,nvtx]==13.2.2; platform_system == "Linux"',
    'triton',
  ])
  expect(cudaRequirements(folder)).toEqual(['cuda-toolkit[cudart,cupti]==13.2.2; platform_system == "Linux"'])
})

test('a CPU wheel needs nothing', () => {
  expect(cudaRequirements(siteWith(['filelock', 'sympy>=1.13.3']))).toEqual([])
})
