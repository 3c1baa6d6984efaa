import { afterEach, expect, test, vi } from 'vitest'
import { runProbe } from '../probes/run-probe.ts'
import { registerWebgpu } from './register-webgpu.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.doUnmock('webgpu')
})

/** A WebGPU whose only adapter this is. */
function stubGpu(adapter: { info: object } | null): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => adapter } })
}

test('without a device it says what is needed', async () => {
  stubGpu(null)
  await expect(registerWebgpu()).rejects.toThrow(/device: must be a graphics device with .*, got none\. \w+/)
})

test('after an import without WebGPU, whose registration cannot be repeated, it says so', async () => {
  vi.stubGlobal('navigator', {})
  await import('@tensorflow/tfjs-backend-webgpu')
  stubGpu({ info: {} })
  await expect(registerWebgpu()).rejects.toThrow('called before @tensorflow/tfjs-backend-webgpu is imported')
})

test('without the npm package it gives the command that installs it', async () => {
  vi.doMock('webgpu', () => {
    throw new Error('no such package')
  })
  vi.stubGlobal('navigator', {})
  await expect(registerWebgpu()).rejects.toThrow('npm install webgpu @tensorflow/tfjs-backend-webgpu')
})

test('the probe reports a missing driver', async ({ skip }) => {
  if (process.platform !== 'linux') skip('only Vulkan takes its drivers from the environment')
  const environment = { PATH: process.env.PATH, VK_DRIVER_FILES: '/nowhere/driver.json' }
  const { found, failure, remedy } = await runProbe('webgpu', { environment })
  expect(found).toBeUndefined()
  expect(failure).toBe('needs a graphics device with a Vulkan driver and libvulkan.so.1, got none')
  expect(remedy).toContain('Install the Vulkan driver')
})
